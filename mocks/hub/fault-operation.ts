import type { HubMessage } from './messages/hub-message.ts';
import { hubProblems, type HubProblem } from './hub-problems.ts';

/** A fault that a device orders from the hub in its own telemetry, as the test suites of the SDKs do. */
export interface FaultOperation {
  /** The connection ends, or telemetry is refused with a problem for a while. */
  readonly kind: 'close' | HubProblem;
  /** As it was written. */
  readonly type: string;
  readonly reason: string;
  /** Milliseconds until it begins, by the clock of the hub. */
  readonly delayMs: number;
  /** Milliseconds that it lasts, by the clock of the hub. */
  readonly durationMs: number;
}

/**
 * Reads the properties `AzIoTHub_FaultOperation…`; undefined where the message orders none, or one that is not known.
 */
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

/** The orders about parts of an AMQP connection end a connection of another protocol as a whole. */
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
