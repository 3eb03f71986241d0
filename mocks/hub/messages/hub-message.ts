import type { Millis } from '../../../core/time/clock.ts';

/** A message from or to a device, as every wire carries it in its own way. */
export interface HubMessage {
  readonly body: Buffer;
  /** What the application says about it. */
  readonly properties: ReadonlyMap<string, string>;
  readonly messageId?: string | undefined;
  readonly correlationId?: string | undefined;
  readonly userId?: string | undefined;
  readonly to?: string | undefined;
  readonly contentType?: string | undefined;
  readonly contentEncoding?: string | undefined;
  /** When it is worth nothing any more. */
  readonly expiresAt?: Millis | undefined;
  /** To a device: what the sender wants to hear of it, `none`, `positive`, `negative` or `full`. */
  readonly ack?: string | undefined;
  readonly creationTime?: string | undefined;
}

/** A message from a device as the hub keeps it. */
export interface Telemetry extends HubMessage {
  readonly deviceId: string;
  readonly enqueuedAt: Millis;
  /** Of the identity that sent it. */
  readonly generationId: string;
  readonly authMethod: 'sas' | 'selfSigned' | 'certificateAuthority';
  /** Whose credential it was: the device's, or a policy of the hub, as gateways have it. */
  readonly authScope: 'device' | 'hub';
  /** Component of the model that sent it (`$.sub`). */
  readonly component?: string | undefined;
  /** Interface that it follows, from before there were components (`$.ifid`). */
  readonly interfaceId?: string | undefined;
  /** Model of the device, as it named it when it connected. */
  readonly modelId?: string | undefined;
}

/** The most that a message has in body and properties together. */
export const messageLimitBytes = 256 * 1024;

/** Bytes of body and properties, as the limit counts them. */
export function messageSize({ body, properties }: HubMessage): number {
  return [...properties].reduce(
    (sum, [name, value]) => sum + Buffer.byteLength(name) + Buffer.byteLength(value),
    body.length,
  );
}
