/** The final state of a message to a device. */
export type MessageFate = 'Success' | 'Rejected' | 'Expired' | 'DeliveryCountExceeded' | 'Purged';

/** A feedback record about a message to a device. The sender of the message reads it. */
export interface FeedbackRecord {
  readonly originalMessageId: string;
  readonly enqueuedTimeUtc: string;
  readonly statusCode: MessageFate;
  readonly description: string;
  readonly deviceId: string;
  readonly deviceGenerationId: string;
}

/** Returns true if a sender that requested the feedback `ack` gets a record about a message with this final state. */
export function isFeedbackWanted(ack: string | undefined, fate: MessageFate): boolean {
  return ack === 'full' || ack === (fate === 'Success' ? 'positive' : 'negative');
}
