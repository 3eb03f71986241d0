import type { Problem } from '../../../core/wire/problems.ts';

/** The reply to a request to the service API. */
export type Reply =
  | {
      readonly status: 200 | 204;
      /** JSON. Default: no body. */
      readonly body?: unknown;
      readonly headers?: Readonly<Record<string, string>>;
      /** The body contains keys, so the history must not record it. */
      readonly secret?: true;
    }
  | { readonly problem: Problem };

/** Returns a reply with status 200 and a body. */
export function replied(body: unknown): Reply {
  return { status: 200, body };
}
