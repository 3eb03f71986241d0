/** A changed text of a scenario file, with a description of each change, such as `add extract-ek: sensor`. */
export interface Change {
  readonly text: string;
  readonly changes: readonly string[];
}
