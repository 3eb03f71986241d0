/** A program or library that is not installed. `PartMissing` reports it. */
export interface MissingPart {
  readonly part: string;
  /** Command that installs the missing part. */
  readonly remedy: string;
}
