import type { Millis } from '../../../core/time/clock.ts';

/** A message from or to a device, independent of the protocol. */
export interface HubMessage {
  readonly body: Buffer;
  /** Application properties. */
  readonly properties: ReadonlyMap<string, string>;
  readonly messageId?: string | undefined;
  readonly correlationId?: string | undefined;
  readonly userId?: string | undefined;
  readonly to?: string | undefined;
  readonly contentType?: string | undefined;
  readonly contentEncoding?: string | undefined;
  /** Instant at which the message expires. */
  readonly expiresAt?: Millis | undefined;
  /** The feedback that the sender of a message to a device requests: `none`, `positive`, `negative` or `full`. */
  readonly ack?: string | undefined;
  readonly creationTime?: string | undefined;
}

/** A message from a device as the hub stores it. */
export interface Telemetry extends HubMessage {
  readonly deviceId: string;
  /** The module that sent the message; absent if the device itself sent it. */
  readonly moduleId?: string;
  /** Name of the output of a module (`$.on`). */
  readonly outputName?: string;
  readonly enqueuedAt: Millis;
  /** Generation ID of the identity of the sender. */
  readonly generationId: string;
  readonly authMethod: 'sas' | 'selfSigned' | 'certificateAuthority';
  /** The owner of the credential: the device or module, or a shared access policy of the hub, which gateways use. */
  readonly authScope: 'device' | 'module' | 'hub';
  /** Name of the component that sent the message (`$.sub`), as the model of the device defines it. */
  readonly component?: string | undefined;
  /** Interface ID (`$.ifid`). Devices sent it before components existed. */
  readonly interfaceId?: string | undefined;
  /** Model ID that the device sent when it connected. */
  readonly modelId?: string | undefined;
}

/** Maximum number of bytes of body and properties together. */
export const messageLimitBytes = 256 * 1024;

/** Returns the number of bytes of body and properties, as `messageLimitBytes` counts them. */
export function messageSize({ body, properties }: HubMessage): number {
  return [...properties].reduce(
    (sum, [name, value]) => sum + Buffer.byteLength(name) + Buffer.byteLength(value),
    body.length,
  );
}
