import type { JsonObject } from '../../../../core/wire/enrollment.ts';
import type { Hub } from '../../../hub/hub.ts';
import type { HubProblem } from '../../../hub/hub-problems.ts';
import { hubErrorBody, trackingId } from './hub-error-body.ts';
import type { HttpAnswer, HttpRequest } from '../http-api.ts';

/** One request to a hub. */
export interface HubCall {
  readonly hub: Hub;
  readonly request: HttpRequest;
  /** True if the caller has a token of Entra ID. Default: false. */
  readonly isByEntra?: boolean;
  /** The device ID in the path, or `{deviceId}/{moduleId}`; empty if the path names no device. */
  readonly deviceId: string;
}

/** An answer of a hub over HTTPS. */
export type HubReply =
  | {
      readonly status: number;
      readonly headers?: Readonly<Record<string, string>>;
      readonly body?: unknown;
      readonly raw?: Buffer;
      /** True if the body contains a key or a signature. The history does not show such a body. */
      readonly secret?: boolean;
      readonly problem?: undefined;
    }
  | { readonly problem: HubProblem; readonly form?: ErrorForm };

/**
 * The form of the body of a refusal. `plain`: the members `Message` and `ExceptionMessage`. `folded`: the error is text inside
 * `Message`, as in answers about direct methods. `flat`: the members of the error, as in answers about modules.
 */
type ErrorForm = 'plain' | 'folded' | 'flat';

/** Converts a reply of a hub to an HTTP answer. */
export function writtenReply(reply: HubReply, hub: Hub, caller: string): HttpAnswer {
  const place = { caller: caller === '' ? 'service' : caller, service: hub.host };
  if (reply.problem === undefined) return { ...reply, ...place };
  const { problem, form = 'plain' } = reply;
  return {
    status: problem.status,
    headers: { 'iothub-errorcode': problem.name },
    body: errorBodies[form](problem, hub),
    ...place,
  };
}

function plainBody({ name, message }: HubProblem, hub: Hub): JsonObject {
  return { Message: `ErrorCode:${name};${message}`, ExceptionMessage: `Tracking ID:${trackingId(hub)}` };
}

function foldedBody(problem: HubProblem, hub: Hub): JsonObject {
  return { Message: JSON.stringify(hubErrorBody(problem, hub)), ExceptionMessage: '' };
}

function flatBody(problem: HubProblem, hub: Hub): JsonObject {
  const { errorCode, message, trackingId: id, timestampUtc } = hubErrorBody(problem, hub);
  return { errorCode, message, trackingId: id, timestampUtc };
}

const errorBodies = { plain: plainBody, folded: foldedBody, flat: flatBody } as const;
