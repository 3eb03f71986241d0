import { defined } from '../../../core/defined.ts';
import { failedWith, succeeded } from '../../../core/result.ts';
import { invalid, type Problem } from '../../../core/wire/problems.ts';
import { registrationKey } from '../../../core/wire/registration-id.ts';
import type { Reply } from './reply.ts';
import type { AdminRequest } from './request.ts';

/** A collection that a query lists. `itemType` is the value of the header `x-ms-item-type`. */
interface Listed<Item> {
  readonly itemType: 'enrollment' | 'enrollmentGroup' | 'deviceRegistration';
  readonly items: readonly Item[];
  idOf(item: Item): string;
  write(item: Item): object;
}

/**
 * Returns one page of a query, ordered by ID. The continuation token contains the last ID of the page. So the next page
 * is correct even if the number of entries changes between two requests. The mock supports only the query for all
 * entries.
 */
export function page<Item>(listed: Listed<Item>, request: AdminRequest, queryNeeded: boolean): Reply {
  const problem = unreadableQuery(request.json, queryNeeded) ?? unreadableCount(request.maxItemCount);
  const after = request.continuation === undefined ? '' : readToken(request.continuation);
  const wrong =
    problem ??
    (after === undefined
      ? invalid('x-ms-continuation: expected the token from an earlier page of this query')
      : undefined);
  request.trace.check('request-well-formed', wrong === undefined, 'a query', wrong?.message ?? 'one');
  if (wrong !== undefined || after === undefined) return failedWith(wrong ?? invalid('x-ms-continuation'));
  const size = Math.min(Number(request.maxItemCount ?? defaultPageSize), largestPageSize);
  const keyed = listed.items.map((item) => ({ item, key: registrationKey(listed.idOf(item)) }));
  const rest = keyed.filter(({ key }) => key > after).toSorted((one, other) => (one.key < other.key ? -1 : 1));
  const taken = rest.slice(0, size);
  const last = taken.at(-1)?.key;
  return succeeded({
    status: 200,
    body: taken.map(({ item }) => listed.write(item)),
    headers: {
      'x-ms-item-type': listed.itemType,
      ...defined({ 'x-ms-max-item-count': request.maxItemCount }),
      ...(rest.length > taken.length && last !== undefined ? { 'x-ms-continuation': writeToken(last) } : {}),
    },
  });
}

const defaultPageSize = 100;
const largestPageSize = 1000;

function unreadableCount(count: string | undefined): Problem | undefined {
  if (count === undefined || /^[1-9]\d{0,8}$/.test(count)) return undefined;
  return invalid(`x-ms-max-item-count: expected a whole number of at least 1, found ${count}`);
}

function unreadableQuery(json: unknown, needed: boolean): Problem | undefined {
  if (json === undefined && !needed) return undefined;
  const query = typeof json === 'object' && json !== null && 'query' in json ? json.query : undefined;
  if (typeof query === 'string' && isQueryForAll(query)) return undefined;
  return invalid('query: only "*" and "SELECT * FROM …" are supported');
}

/** Compares one word after the other, because a regular expression could backtrack on hostile input. */
function isQueryForAll(query: string): boolean {
  const words = query.trim().replace(/;$/, '').trim().toLowerCase().split(/\s+/);
  const [from, table = ''] = words.slice(2);
  const isFrom = from === undefined || (from === 'from' && /^\w+$/.test(table) && words.length === 4);
  return words.join(' ') === '*' || (words[0] === 'select' && words[1] === '*' && isFrom);
}

const tokenStart = 'after:';

function writeToken(key: string): string {
  return Buffer.from(tokenStart + key).toString('base64url');
}

function readToken(token: string): string | undefined {
  const text = Buffer.from(token, 'base64url').toString('utf8');
  return text.startsWith(tokenStart) && writeToken(text.slice(tokenStart.length)) === token
    ? text.slice(tokenStart.length)
    : undefined;
}
