import type { Problem } from '../../../core/wire/problems.ts';

/** What becomes of a request to the service API. */
export type Reply =
  | {
      readonly status: 200 | 204;
      /** JSON; none where absent. */
      readonly body?: unknown;
      readonly headers?: Readonly<Record<string, string>>;
      /** The body holds keys, which no record of the run may show. */
      readonly secret?: true;
    }
  | { readonly problem: Problem };

/** A reply with a body. */
export function replied(body: unknown): Reply {
  return { status: 200, body };
}
