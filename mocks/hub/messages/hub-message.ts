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
  /** Expiry of the message. */
  readonly expiresAt?: Millis | undefined;
  /** For a message to a device: the feedback that the sender requests, `none`, `positive`, `negative` or `full`. */
  readonly ack?: string | undefined;
  readonly creationTime?: string | undefined;
}

/** A message from a device as the hub stores it. */
export interface Telemetry extends HubMessage {
  readonly deviceId: string;
  readonly enqueuedAt: Millis;
  /** Generation ID of the sender's identity. */
  readonly generationId: string;
  readonly authMethod: 'sas' | 'selfSigned' | 'certificateAuthority';
  /** The owner of the credential: the device, or a policy of the hub as gateways use it. */
  readonly authScope: 'device' | 'hub';
  /** Component of the model that sent the message (`$.sub`). */
  readonly component?: string | undefined;
  /** Interface ID of the message, used before components existed (`$.ifid`). */
  readonly interfaceId?: string | undefined;
  /** Model ID that the device sent when it connected. */
  readonly modelId?: string | undefined;
}

/** The most bytes of body and properties together. */
export const messageLimitBytes = 256 * 1024;

/** Bytes of body and properties, as the limit counts them. */
export function messageSize({ body, properties }: HubMessage): number {
  return [...properties].reduce(
    (sum, [name, value]) => sum + Buffer.byteLength(name) + Buffer.byteLength(value),
    body.length,
  );
}
