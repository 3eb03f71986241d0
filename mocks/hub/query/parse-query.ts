import { failed, succeeded, type Result } from '../../../core/result.ts';
import { defined } from '../../../core/defined.ts';
import {
  aggregates,
  type Aggregate,
  type Arithmetic,
  type Collection,
  type Comparison,
  type Expression,
  type Field,
  type Literal,
  type Path,
  type Query,
} from './query.ts';
import { tokensOf, type Token } from './tokens.ts';

/**
 * Reads a query, as "IoT Hub query language" documents it for twins and jobs: `SELECT [TOP n] * | field [AS name], …
 * FROM devices | devices.jobs [WHERE condition] [GROUP BY path, …]`. Fails for any other text.
 */
export function parseQuery(text: string): Result<Query> {
  return read(text, (reader) => reader.query());
}

/** Reads the condition of a job or a configuration, as it follows WHERE. `*` selects every device. */
export function parseCondition(text: string): Result<Query> {
  if (text.trim() === '*') return succeeded({ from: 'devices' });
  if (/^\s*from\s/i.test(text)) return parseQuery(`SELECT * ${text}`);
  return read(text, (reader) => reader.condition());
}

function read(text: string, how: (reader: QueryReader) => Query | undefined): Result<Query> {
  if (text.length > longestQuery) return invalid(`The query is longer than ${longestQuery} characters.`);
  const tokens = tokensOf(text);
  if (tokens === undefined) return invalid('The query has a character that the query language does not allow.');
  const reader = new QueryReader(tokens);
  const query = how(reader);
  return query === undefined ? invalid(reader.trouble) : succeeded(query);
}

function invalid(sentence: string): Result<never> {
  return failed('query-invalid', sentence);
}

const longestQuery = 8192;
const deepest = 32;

/** A recursive-descent parser. Every method returns undefined and sets `trouble` if the next tokens do not match. */
class QueryReader {
  trouble = '';
  readonly #tokens: readonly Token[];
  #at = 0;
  #depth = 0;

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens;
  }

  query(): Query | undefined {
    if (!this.#must('SELECT')) return undefined;
    const top = this.#takes('TOP') ? this.#count() : 'all';
    if (top === undefined) return undefined;
    const fields = this.#takes('*') ? 'all' : this.#list(() => this.#field());
    if (fields === undefined || !this.#must('FROM')) return undefined;
    const from = this.#collection();
    if (from === undefined) return undefined;
    const where = this.#takes('WHERE') ? this.#expression() : 'all';
    if (where === undefined) return undefined;
    const groupBy = this.#takes('GROUP') ? this.#groups() : 'none';
    if (groupBy === undefined) return undefined;
    if (this.#peek() !== undefined) return this.#fail('the end of the query');
    return this.#checked({
      from,
      ...(top === 'all' ? {} : { top }),
      ...(fields === 'all' ? {} : { fields }),
      ...(where === 'all' ? {} : { where }),
      ...(groupBy === 'none' ? {} : { groupBy }),
    });
  }

  condition(): Query | undefined {
    const where = this.#expression();
    if (where === undefined) return undefined;
    return this.#peek() === undefined ? { from: 'devices', where } : this.#fail('the end of the condition');
  }

  /** Rejects queries that the documentation excludes: fields outside the groups, and everything except `SELECT *` for jobs. */
  #checked(query: Query): Query | undefined {
    const { from, fields, groupBy } = query;
    if (from === 'devices.jobs' && (fields !== undefined || groupBy !== undefined)) {
      return this.#refuse('Queries FROM devices.jobs must use SELECT *, without projections and aggregations.');
    }
    const isGrouped = groupBy !== undefined || fields?.some((field) => 'aggregate' in field) === true;
    if (!isGrouped) return query;
    if (fields === undefined) return this.#refuse('SELECT * cannot be used with GROUP BY.');
    const grouped = new Set((groupBy ?? []).map((path) => path.join('.')));
    const stray = fields.find((field) => !('aggregate' in field) && !grouped.has(field.path.join('.')));
    return stray === undefined ? query : this.#refuse(`The field ${stray.name} is neither aggregated nor in GROUP BY.`);
  }

  #collection(): Collection | undefined {
    const found = this.#peek()?.text.toLowerCase();
    if (found === 'devices' || found === 'devices.jobs' || found === 'devices.modules') {
      this.#at++;
      return found;
    }
    return this.#fail('devices');
  }

  #groups(): readonly Path[] | undefined {
    return this.#must('BY') ? this.#list(() => this.#path()) : undefined;
  }

  #count(): number | undefined {
    const token = this.#peek();
    if (token?.kind !== 'number' || !/^\d{1,9}$/.test(token.text)) return this.#fail('a whole number');
    this.#at++;
    return Number(token.text);
  }

  #field(): Field | undefined {
    const aggregate = this.#aggregate();
    if (aggregate !== undefined) return this.#aggregated(aggregate);
    const path = this.#path();
    const name = path === undefined ? undefined : this.#alias(path.at(-1) ?? '');
    return path === undefined || name === undefined ? undefined : { name, path };
  }

  #aggregated(aggregate: Aggregate): Field | undefined {
    const isEmpty = this.#takes(')');
    if (isEmpty && aggregate !== 'count') {
      this.#at--;
      return this.#fail('a name');
    }
    const path = isEmpty ? undefined : this.#path();
    if (!isEmpty && (path === undefined || !this.#must(')'))) return undefined;
    const name = this.#alias(aggregate);
    return name === undefined ? undefined : { name, aggregate, ...defined({ path }) };
  }

  #alias(otherwise: string): string | undefined {
    return this.#takes('AS') ? this.#path()?.join('.') : otherwise;
  }

  /** Reads the name of an aggregate and the opening bracket after it. */
  #aggregate(): Aggregate | undefined {
    if (this.#tokens[this.#at + 1]?.text !== '(') return undefined;
    const found = aggregates.find((each) => this.#takes(each));
    if (found !== undefined) this.#at++;
    return found;
  }

  #expression(): Expression | undefined {
    return this.#chain('or', () => this.#chain('and', () => this.#negation()));
  }

  #chain(kind: 'and' | 'or', one: () => Expression | undefined): Expression | undefined {
    const all: Expression[] = [];
    do {
      const next = one();
      if (next === undefined) return undefined;
      all.push(next);
    } while (this.#takes(kind));
    const [only] = all;
    return all.length === 1 ? only : { kind, all };
  }

  #negation(): Expression | undefined {
    return this.#deeper(() => {
      if (!this.#takes('NOT')) return this.#comparison();
      const inner = this.#negation();
      return inner === undefined ? undefined : { kind: 'not', inner };
    });
  }

  #comparison(): Expression | undefined {
    const left = this.#sum();
    if (left === undefined) return undefined;
    const isNot = this.#takes('NOT');
    if (this.#takes('IN') || this.#takes('NIN')) return this.#membership(left, isNot || this.#before('NIN'));
    if (isNot) return this.#fail('IN');
    const sign = signs.find((each) => this.#takes(each));
    if (sign === undefined) return left;
    const right = this.#sum();
    return right === undefined ? undefined : { kind: 'compare', sign: sign === '<>' ? '!=' : sign, left, right };
  }

  #membership(value: Expression, isNot: boolean): Expression | undefined {
    const list = this.#must('[') ? this.#list(() => this.#sum()) : undefined;
    if (list === undefined || !this.#must(']')) return undefined;
    const within = { kind: 'in', value, list } as const;
    return isNot ? { kind: 'not', inner: within } : within;
  }

  #sum(): Expression | undefined {
    return this.#operation(['+', '-'], () => this.#operation(['*', '/', '%'], () => this.#operand()));
  }

  #operation(operators: readonly Arithmetic[], one: () => Expression | undefined): Expression | undefined {
    let left = one();
    while (left !== undefined) {
      const sign = operators.find((each) => this.#takes(each));
      if (sign === undefined) return left;
      const right = one();
      left = right === undefined ? undefined : { kind: 'arithmetic', sign, left, right };
    }
    return undefined;
  }

  #operand(): Expression | undefined {
    if (this.#takes('(')) {
      const inner = this.#deeper(() => this.#expression());
      return inner !== undefined && this.#must(')') ? inner : undefined;
    }
    if (this.#takes('-')) {
      const right = this.#deeper(() => this.#operand());
      return right === undefined
        ? undefined
        : { kind: 'arithmetic', sign: '-', left: { kind: 'literal', value: 0 }, right };
    }
    if (this.#tokens[this.#at + 1]?.text === '(' && this.#peek()?.kind === 'word') return this.#call();
    const literal = this.#literal();
    if (literal !== undefined) return { kind: 'literal', value: literal.value };
    const path = this.#path('a value or a name');
    return path === undefined ? undefined : { kind: 'path', path };
  }

  /**
   * Reads a function call. The documentation allows one function for twins and jobs; all other functions are for message
   * routes.
   */
  #call(): Expression | undefined {
    if (!this.#takes('is_defined')) return this.#fail('is_defined, the only function for twins and jobs');
    const path = this.#must('(') ? this.#path() : undefined;
    return path !== undefined && this.#must(')') ? { kind: 'defined', path } : undefined;
  }

  #literal(): { readonly value: Literal } | undefined {
    const token = this.#peek();
    if (token === undefined || token.kind === 'sign') return undefined;
    if (token.kind === 'word' && !words.has(token.text.toLowerCase())) return undefined;
    this.#at++;
    if (token.kind === 'text') return { value: token.text };
    return { value: token.kind === 'number' ? Number(token.text) : words.get(token.text.toLowerCase()) };
  }

  #path(expected = 'a name'): Path | undefined {
    const token = this.#peek();
    if (token?.kind !== 'word' || reserved.has(token.text.toUpperCase())) return this.#fail(expected);
    this.#at++;
    return partsOf(token.text);
  }

  #deeper<Outcome>(work: () => Outcome | undefined): Outcome | undefined {
    if (++this.#depth > deepest * 2) return this.#fail(`a condition with at most ${deepest} nested levels`);
    const result = work();
    this.#depth--;
    return result;
  }

  #list<Item>(one: () => Item | undefined): readonly Item[] | undefined {
    const items: Item[] = [];
    do {
      const item = one();
      if (item === undefined) return undefined;
      items.push(item);
    } while (this.#takes(','));
    return items;
  }

  #peek(): Token | undefined {
    return this.#tokens[this.#at];
  }

  #takes(text: string): boolean {
    const token = this.#peek();
    if (token === undefined || token.kind === 'text' || token.text.toLowerCase() !== text.toLowerCase()) return false;
    this.#at++;
    return true;
  }

  /** Returns true if the previous token is `text`. */
  #before(text: string): boolean {
    return this.#tokens[this.#at - 1]?.text.toLowerCase() === text.toLowerCase();
  }

  #must(text: string): boolean {
    if (this.#takes(text)) return true;
    this.#fail(text);
    return false;
  }

  #fail(expected: string): undefined {
    return this.#refuse(`Expected ${expected}, found ${this.#peek()?.text.slice(0, 40) ?? 'the end of the query'}.`);
  }

  #refuse(sentence: string): undefined {
    this.trouble ||= sentence;
    return undefined;
  }
}

const signs = ['=', '!=', '<>', '<=', '>=', '<', '>'] as const satisfies readonly (Comparison | '<>')[];
const words: ReadonlyMap<string, Literal> = new Map<string, Literal>([
  ['true', true],
  ['false', false],
  ['null', null],
  ['undefined', undefined],
]);
const reserved: ReadonlySet<string> = new Set([
  'SELECT',
  'TOP',
  'FROM',
  'WHERE',
  'GROUP',
  'BY',
  'AS',
  'AND',
  'OR',
  'NOT',
  'IN',
  'NIN',
]);

/** Splits a path such as `tags.[[building.no]].floor` into its names. */
function partsOf(path: string): Path {
  const parts: string[] = [];
  let at = 0;
  while (at < path.length) {
    const isBracketed = path.startsWith('[[', at);
    const found = path.indexOf(isBracketed ? ']]' : '.', at);
    const end = found < 0 ? path.length : found;
    parts.push(path.slice(isBracketed ? at + 2 : at, end));
    // Continues after the dot; after a name in brackets, continues after the closing brackets and the dot.
    at = end + (isBracketed ? 3 : 1);
  }
  return parts;
}
