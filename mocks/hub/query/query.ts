/** What is asked of a hub: the collection, what a row has, and which documents count. */
export interface Query {
  readonly from: Collection;
  /** The most rows; default: all. */
  readonly top?: number;
  /** What each row has; default: the whole document. */
  readonly fields?: readonly Field[];
  /** Default: every document. */
  readonly where?: Expression;
  /** Rows are made of groups of documents that agree in these. */
  readonly groupBy?: readonly Path[];
}

/** The twins of devices, or what each job does with each device. */
export type Collection = 'devices' | 'devices.jobs';

/** Names from the document inwards; `configurations.[[a.b]]` has two. */
export type Path = readonly string[];

/** A value of a row and its name there. */
export type Field =
  | { readonly name: string; readonly path: Path }
  /** Over the documents of a group. `path` is absent for `count` alone. */
  | { readonly name: string; readonly aggregate: Aggregate; readonly path?: Path };

export const aggregates = ['count', 'avg', 'sum', 'min', 'max'] as const;

export type Aggregate = (typeof aggregates)[number];

export type Literal = string | number | boolean | null | undefined;

export type Expression =
  | { readonly kind: 'literal'; readonly value: Literal | readonly Literal[] }
  | { readonly kind: 'path'; readonly path: Path }
  | { readonly kind: 'defined'; readonly path: Path }
  | { readonly kind: 'and' | 'or'; readonly all: readonly Expression[] }
  | { readonly kind: 'not'; readonly inner: Expression }
  | { readonly kind: 'in'; readonly value: Expression; readonly list: readonly Expression[] }
  | { readonly kind: 'compare'; readonly sign: Comparison; readonly left: Expression; readonly right: Expression }
  | { readonly kind: 'arithmetic'; readonly sign: Arithmetic; readonly left: Expression; readonly right: Expression };

export type Comparison = '=' | '!=' | '<' | '<=' | '>' | '>=';

export type Arithmetic = '+' | '-' | '*' | '/' | '%';
