/** A program or library that this machine lacks; `PartMissing` reports it. */
export interface MissingPart {
  readonly part: string;
  /** Command that installs it. */
  readonly remedy: string;
}
