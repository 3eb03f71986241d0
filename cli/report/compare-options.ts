/** The output formats of `rehearse compare`. */
export const comparisonForms = ['terminal', 'markdown', 'json'] as const;

/** The options of `rehearse compare`. */
export interface CompareOptions {
  readonly slowerThan?: number;
  readonly as: (typeof comparisonForms)[number];
}
