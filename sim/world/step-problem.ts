/**
 * The timeline demands something impossible at this point. This ends the run with the verdict `fail`. The message is for the author of the
 * scenario: what is wrong (with the value found), what is expected and what to do.
 */
export class StepProblem extends Error {}
