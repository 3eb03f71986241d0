/**
 * The lesson of a scenario variant. `well`: a recommended practice succeeds. `wrong`: a step fails because the practice is
 * missing.
 */
export const expectedOutcomes = ['well', 'wrong'] as const;
export type ExpectedOutcome = (typeof expectedOutcomes)[number];
