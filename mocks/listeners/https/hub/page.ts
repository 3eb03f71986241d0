import type { JsonObject } from '../../../../core/wire/enrollment.ts';
import { hubProblems, saying } from '../../../hub/hub-problems.ts';
import { isJsonObject } from '../../../hub/twins/json-value.ts';
import type { HttpRequest } from '../http-api.ts';
import type { HubReply } from './hub-reply.ts';
import { parseJson } from '../../shared/parse-json.ts';

/**
 * Returns the page of `rows` that the headers `x-ms-max-item-count` (at most 100) and `x-ms-continuation` select.
 *
 * @param type type of the rows: the value of the header `x-ms-item-type`.
 */
export function pageOf(rows: readonly JsonObject[], type: string, { headers }: HttpRequest): HubReply {
  const size = Number(headers['x-ms-max-item-count'] ?? longestPage);
  const start = startOf(headers['x-ms-continuation']);
  if (!Number.isInteger(size) || size < 1 || start === undefined) {
    return {
      problem: saying(
        hubProblems.argumentInvalid,
        'x-ms-max-item-count must be a whole number of at least 1, and x-ms-continuation a token from an earlier page.',
      ),
    };
  }
  const end = start + Math.min(size, longestPage);
  return {
    status: 200,
    headers: { 'x-ms-item-type': type, ...(end < rows.length ? { 'x-ms-continuation': tokenFor(end) } : {}) },
    body: rows.slice(start, end),
  };
}

/** Returns the continuation token for a page that begins with row `start`. */
function tokenFor(start: number): string {
  return Buffer.from(JSON.stringify({ start })).toString('base64');
}

function startOf(token: string | undefined): number | undefined {
  if (token === undefined || token === '') return 0;
  const value = parseJson(Buffer.from(token, 'base64'))?.value;
  const start = isJsonObject(value) ? value['start'] : undefined;
  return typeof start === 'number' && Number.isSafeInteger(start) && start >= 0 ? start : undefined;
}

const longestPage = 100;
