/** A program that the machine lacks. Whoever plays a scenario turns it into `skipped`, with the sentence. */
export class PartMissing extends Error {
  /**
   * @param part name of the program.
   * @param remedy command that installs it.
   */
  constructor(part: string, remedy: string) {
    super(`${part} is not installed; run: ${remedy}`);
  }
}
