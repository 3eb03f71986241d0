/** What became of a message to a device. */
export type MessageFate = 'Success' | 'Rejected' | 'Expired' | 'DeliveryCountExceeded' | 'Purged';

/** One line of feedback about a message to a device, for whoever sent it. */
export interface FeedbackRecord {
  readonly originalMessageId: string;
  readonly enqueuedTimeUtc: string;
  readonly statusCode: MessageFate;
  readonly description: string;
  readonly deviceId: string;
  readonly deviceGenerationId: string;
}

/** Whether a sender who asked for `ack` hears of `fate`. */
export function isFeedbackWanted(ack: string | undefined, fate: MessageFate): boolean {
  return ack === 'full' || ack === (fate === 'Success' ? 'positive' : 'negative');
}
