/** What a scenario variant shows of its topics: that the practice goes well, or what goes wrong without it. */
export const expectedOutcomes = ['well', 'wrong'] as const;
export type ExpectedOutcome = (typeof expectedOutcomes)[number];
