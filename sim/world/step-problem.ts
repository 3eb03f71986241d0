/** The timeline asks for something that is impossible at this point. Ends the run with a failure; not a fault of ours. */
export class StepProblem extends Error {}
