/** A parsed query: the collection, the fields of a row, and the condition. */
export interface Query {
  readonly from: Collection;
  /** Maximum number of rows. Default: no limit. */
  readonly top?: number;
  /** The fields of a row. Default: the whole document. */
  readonly fields?: readonly Field[];
  /** Default: every document. */
  readonly where?: Expression;
  /** Documents with equal values at these paths form one row. */
  readonly groupBy?: readonly Path[];
}

/** The collection: the twins of devices or modules, or the states of jobs on devices. */
export type Collection = 'devices' | 'devices.modules' | 'devices.jobs';

/** Names that lead from the document to a value, outermost first. `configurations.[[a.b]]` has two names. */
export type Path = readonly string[];

/** A field of a row: its name, and the path or aggregate that gives its value. */
export type Field =
  | { readonly name: string; readonly path: Path }
  /** An aggregate over the documents of a group. Only `count` may lack `path`. */
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
