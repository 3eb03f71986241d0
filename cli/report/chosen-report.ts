/** A report that `--reporter` names, and the file for its text. */
export interface ChosenReport {
  readonly name: string;
  /** Path as the user gave it. If omitted, the text goes to stdout. */
  readonly file?: string;
}
