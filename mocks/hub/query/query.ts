/** What is asked of the devices of a hub. */
export interface Query {
  /** Every field where absent. */
  readonly fields?: readonly Field[];
  /** Every device where absent. */
  readonly where?: Condition;
}

/** A field of a device's twin, by its path, and what it is called in the answer. */
export interface Field {
  readonly path: string;
  readonly name: string;
}

export type Literal = string | number | boolean | null;

export type Condition =
  | { readonly kind: 'and' | 'or'; readonly all: readonly Condition[] }
  | { readonly kind: 'not'; readonly inner: Condition }
  | { readonly kind: 'defined'; readonly path: string }
  | { readonly kind: 'in'; readonly path: string; readonly values: readonly Literal[] }
  | { readonly kind: 'compare'; readonly path: string; readonly sign: Comparison; readonly value: Literal };

export type Comparison = '=' | '!=' | '<' | '<=' | '>' | '>=';
