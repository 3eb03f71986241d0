/** A word that the user may want to type. */
export interface Candidate {
  readonly word: string;
  /** One line; empty if the word needs no description. */
  readonly description: string;
}

/** Paths that the shell completes itself, because it knows how to quote them. */
export type PathKind = 'none' | 'files' | 'folders' | 'yaml';

/** The answer to a completion request: words, and the kind of paths that also fit. */
export interface Completion {
  readonly candidates: readonly Candidate[];
  readonly paths: PathKind;
}
