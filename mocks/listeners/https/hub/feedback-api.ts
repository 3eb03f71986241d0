import { hubProblems } from '../../../hub/hub-problems.ts';
import type { Settlement } from '../../../hub/messages/message-queue.ts';
import type { HubCall, HubReply } from './hub-reply.ts';

/** The API for feedback about messages to devices: each request receives one batch of records. */
export const feedbackApi = {
  /**
   * Returns a batch and locks it for a minute. If the back end does not settle the batch in this time, the batch
   * returns to the queue. The ETag is the lock token.
   */
  receive: ({ hub }: HubCall): HubReply => {
    hub.tidyQueues();
    const batch = hub.feedback.take(lockMs);
    if (batch === undefined) return { status: 204 };
    return {
      status: 200,
      headers: {
        ETag: `"${batch.lockToken}"`,
        'Content-Type': 'application/vnd.microsoft.iothub.feedback.json',
        'iothub-deliverycount': String(batch.deliveryCount - 1),
      },
      raw: Buffer.from(JSON.stringify(batch.records)),
    };
  },

  complete: (call: HubCall): HubReply => settle(call, 'complete'),

  abandon: (call: HubCall): HubReply => settle(call, 'abandon'),
} as const;

function settle({ hub, request }: HubCall, settlement: Settlement): HubReply {
  return hub.feedback.settle(request.path[3] ?? '', settlement) ? { status: 204 } : { problem: hubProblems.lockLost };
}

const lockMs = 60_000;
