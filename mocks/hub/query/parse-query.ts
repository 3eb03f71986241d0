import type { Comparison, Condition, Field, Literal, Query } from './query.ts';
import { tokensOf, type Token } from './tokens.ts';

/**
 * Reads `SELECT * | field [AS name], … FROM devices [WHERE …]`: comparisons, IN, is_defined, AND, OR, NOT and brackets.
 * A sentence where the query is something else; the hub's language has more, which is refused here.
 */
export function parseQuery(text: string): { readonly query: Query } | { readonly trouble: string } {
  if (text.length > longestQuery) return { trouble: `The query is longer than ${longestQuery} characters.` };
  const tokens = tokensOf(text);
  if (tokens === undefined) return { trouble: 'The query has a character that belongs to no word.' };
  const reader = new QueryReader(tokens);
  const query = reader.query();
  return query === undefined ? { trouble: reader.trouble } : { query };
}

const longestQuery = 8192;
const deepest = 32;

/** Reads from left to right; every method gives undefined where it found something else, and leaves `trouble`. */
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
    const fields = this.#takes('*') ? 'all' : this.#list(() => this.#field());
    if (fields === undefined || !this.#must('FROM') || !this.#must('devices')) return undefined;
    const where = this.#takes('WHERE') ? this.#either() : 'all';
    if (where === undefined) return undefined;
    if (this.#peek() !== undefined) return this.#fail('the end of the query');
    return { ...(fields === 'all' ? {} : { fields }), ...(where === 'all' ? {} : { where }) };
  }

  #field(): Field | undefined {
    const path = this.#path();
    if (path === undefined) return undefined;
    const name = this.#takes('AS') ? this.#path() : (path.split('.').at(-1) ?? path);
    return name === undefined ? undefined : { path, name };
  }

  #either(): Condition | undefined {
    return this.#chain('or', () => this.#both());
  }

  #both(): Condition | undefined {
    return this.#chain('and', () => this.#single());
  }

  #chain(kind: 'and' | 'or', read: () => Condition | undefined): Condition | undefined {
    const all: Condition[] = [];
    do {
      const next = read();
      if (next === undefined) return undefined;
      all.push(next);
    } while (this.#takes(kind));
    const [only] = all;
    return all.length === 1 ? only : { kind, all };
  }

  #single(): Condition | undefined {
    if (++this.#depth > deepest) return this.#fail(`at most ${deepest} levels`);
    const condition = this.#unguarded();
    this.#depth--;
    return condition;
  }

  #unguarded(): Condition | undefined {
    if (this.#takes('NOT')) {
      const inner = this.#single();
      return inner === undefined ? undefined : { kind: 'not', inner };
    }
    if (this.#takes('(')) {
      const inner = this.#either();
      return inner !== undefined && this.#must(')') ? inner : undefined;
    }
    if (this.#takes('is_defined')) {
      const path = this.#must('(') ? this.#path() : undefined;
      return path !== undefined && this.#must(')') ? { kind: 'defined', path } : undefined;
    }
    const path = this.#path();
    return path === undefined ? undefined : this.#judgement(path);
  }

  #judgement(path: string): Condition | undefined {
    const isNot = this.#takes('NOT');
    if (this.#takes('IN') || this.#takes('NIN')) return this.#membership(path, isNot || this.#before('NIN'));
    const sign = isNot ? undefined : signs.find((each) => this.#takes(each));
    if (sign === undefined) return this.#fail('a comparison');
    const value = this.#literal();
    return value === undefined ? undefined : { kind: 'compare', path, sign: sign === '<>' ? '!=' : sign, value };
  }

  #membership(path: string, isNot: boolean): Condition | undefined {
    const values = this.#must('[') ? this.#list(() => this.#literal()) : undefined;
    if (values === undefined || !this.#must(']')) return undefined;
    const within = { kind: 'in', path, values } as const;
    return isNot ? { kind: 'not', inner: within } : within;
  }

  #list<T>(read: () => T | undefined): readonly T[] | undefined {
    const items: T[] = [];
    do {
      const item = read();
      if (item === undefined) return undefined;
      items.push(item);
    } while (this.#takes(','));
    return items;
  }

  #literal(): Literal | undefined {
    const token = this.#peek();
    if (token === undefined) return this.#fail('a value');
    const word = token.kind === 'word' ? words.get(token.text.toLowerCase()) : undefined;
    if (token.kind === 'sign' || (token.kind === 'word' && word === undefined)) return this.#fail('a value');
    this.#at++;
    if (token.kind === 'text') return token.text;
    return token.kind === 'number' ? Number(token.text) : word;
  }

  #path(): string | undefined {
    const token = this.#peek();
    if (token?.kind !== 'word' || reserved.has(token.text.toUpperCase())) return this.#fail('a name');
    this.#at++;
    return token.text.replace(/^devices\./i, '');
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

  /** Whether the piece that was taken last is `text`. */
  #before(text: string): boolean {
    return this.#tokens[this.#at - 1]?.text.toLowerCase() === text.toLowerCase();
  }

  #must(text: string): boolean {
    if (this.#takes(text)) return true;
    this.#fail(text);
    return false;
  }

  #fail(expected: string): undefined {
    this.trouble ||= `Expected ${expected}, found ${this.#peek()?.text.slice(0, 40) ?? 'the end of the query'}.`;
    return undefined;
  }
}

const signs = ['=', '!=', '<>', '<=', '>=', '<', '>'] as const satisfies readonly (Comparison | '<>')[];
const words: ReadonlyMap<string, Literal> = new Map<string, Literal>([
  ['true', true],
  ['false', false],
  ['null', null],
]);
const reserved: ReadonlySet<string> = new Set(['SELECT', 'FROM', 'WHERE', 'AS', 'AND', 'OR', 'NOT', 'IN', 'NIN']);
