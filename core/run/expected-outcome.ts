/** The lesson of a scenario variant: a recommended practice succeeds, or a step fails because the practice is missing. */
export const expectedOutcomes = ['well', 'wrong'] as const;
export type ExpectedOutcome = (typeof expectedOutcomes)[number];
