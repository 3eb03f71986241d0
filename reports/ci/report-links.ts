/** Addresses for readers of the pages of a CI service. These readers have neither the report folder nor the scenario files. */
export interface ReportLinks {
  /** Address of the report, or of the CI run that made it. */
  readonly report?: string;
  /** ID of the commit. */
  readonly commit?: string;
  /** Returns the address of a scenario in the report; undefined if `report` is not the address of a report.html. */
  readonly scenario: (id: string) => string | undefined;
  /** Returns the address of a line of a scenario file; undefined if the file is outside the repository. */
  readonly line: (file: string, line: number) => string | undefined;
}
