/**
 * The timeline demands something impossible at this point. This ends the run with the verdict `fail`. The message is for the author of the
 * scenario: what is wrong (with the value found), what is expected and what to do.
 */
export class StepProblem extends Error {
  /** Steps that solve the problem if the author puts them before this step, in the form of a timeline. Empty if no such steps are known. */
  readonly stepsBefore: readonly Readonly<Record<string, unknown>>[];

  constructor(message: string, { stepsBefore = [], ...options }: Options = {}) {
    super(message, options);
    this.stepsBefore = stepsBefore;
  }
}

interface Options extends ErrorOptions {
  readonly stepsBefore?: readonly Readonly<Record<string, unknown>>[];
}
