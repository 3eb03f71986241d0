import { succeeded, type Result } from '../../../core/result.ts';
import type { Problem } from '../../../core/wire/problems.ts';

/** The reply to a request to the service API. */
export type Reply = Result<AdminAnswer, Problem>;

/** The answer to a request that succeeded. */
interface AdminAnswer {
  readonly status: 200 | 204;
  /** JSON of the body. Default: the answer has no body. */
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  /** True if the body contains keys. The history must not record such a body. */
  readonly secret?: true;
}

/** Returns a reply with status 200 and a body. */
export function replied(body: unknown): Reply {
  return succeeded({ status: 200, body });
}

/** A reply with status 204 and no body. */
export const noContent: Reply = succeeded({ status: 204 });
