/**
 * Error for a required program that is not installed. The scenario gets the verdict `skipped`, with this message as the reason.
 */
export class PartMissing extends Error {
  /**
   * @param part name of the program.
   * @param remedy command that installs it.
   */
  constructor(part: string, remedy: string) {
    super(`${part} is not installed; run: ${remedy}`);
  }
}
