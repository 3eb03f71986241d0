/**
 * The timeline asks for something that cannot be done at this point. It ends the run with the verdict `fail`, and the message
 * goes to the author of the scenario: what is wrong (with the value found), what is expected and what to do.
 */
export class StepProblem extends Error {}
