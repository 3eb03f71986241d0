/** The lesson of a scenario variant: a practice goes well, or something goes wrong without it. */
export const expectedOutcomes = ['well', 'wrong'] as const;
export type ExpectedOutcome = (typeof expectedOutcomes)[number];
