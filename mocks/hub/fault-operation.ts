import type { HubMessage } from './messages/hub-message.ts';
import { hubProblems, type HubProblem } from './hub-problems.ts';

/** A fault that a device requests in its own telemetry, as the end-to-end tests of the SDKs do. */
export interface FaultOperation {
  /** `close` ends the connection. A problem makes the hub refuse telemetry with this problem for `durationMs`. */
  readonly kind: 'close' | HubProblem;
  /** The type of the fault, as the message names it. */
  readonly type: string;
  readonly reason: string;
  /** Milliseconds until the fault begins, by the clock of the hub. */
  readonly delayMs: number;
  /** Duration in milliseconds, by the clock of the hub. */
  readonly durationMs: number;
}

/** Reads the properties `AzIoTHub_FaultOperation…` of a message. Returns undefined if the message requests no known fault. */
export function faultOperationIn({ properties }: HubMessage): FaultOperation | undefined {
  const type = properties.get('AzIoTHub_FaultOperationType');
  const kind = type === undefined ? undefined : kinds.get(type);
  if (type === undefined || kind === undefined) return undefined;
  return {
    kind,
    type,
    reason: properties.get('AzIoTHub_FaultOperationCloseReason') ?? '',
    delayMs: secondsIn(properties.get('AzIoTHub_FaultOperationDelayInSecs')),
    durationMs: secondsIn(properties.get('AzIoTHub_FaultOperationDurationInSecs')),
  };
}

/** The kind of fault for each name of Azure. A fault of a single AMQP link ends the whole connection here. */
const kinds: ReadonlyMap<string, FaultOperation['kind']> = new Map<string, FaultOperation['kind']>([
  ['KillTcp', 'close'],
  ['ShutDownMqtt', 'close'],
  ['ShutDownAmqp', 'close'],
  ['KillAmqpConnection', 'close'],
  ['KillAmqpSession', 'close'],
  ['KillAmqpCBSLinkReq', 'close'],
  ['KillAmqpCBSLinkResp', 'close'],
  ['KillAmqpD2CLink', 'close'],
  ['KillAmqpC2DLink', 'close'],
  ['KillAmqpTwinLinkReq', 'close'],
  ['KillAmqpTwinLinkResp', 'close'],
  ['KillAmqpMethodReqLink', 'close'],
  ['KillAmqpMethodRespLink', 'close'],
  ['InvokeThrottling', hubProblems.throttled],
  ['InvokeMaxMessageQuota', hubProblems.quotaExceeded],
  ['InvokeAuthError', hubProblems.unauthorized],
]);

function secondsIn(text: string | undefined): number {
  return text !== undefined && /^\d{1,4}$/.test(text) ? Number(text) * 1000 : 0;
}
