// Reads telemetry with @azure/event-hubs, as a back end does. The first argument has the settings as JSON. Prints one JSON object per line:
// `properties`, `ready`, `event` or `error`. Ends after `count` events.
import { EventHubConsumerClient } from '@azure/event-hubs';
import { WebSocket } from 'ws';

const job = JSON.parse(process.argv[2] ?? '{}');
const print = (line) => process.stdout.write(`${JSON.stringify(line)}\n`);
const client = new EventHubConsumerClient(job.consumerGroup, job.connectionString, {
  customEndpointAddress: job.customEndpoint,
  retryOptions: { maxRetries: 0 },
  ...(job.transport === 'amqp-ws' ? { webSocketOptions: { webSocket: WebSocket } } : {}),
});

try {
  if (job.properties === true) {
    const partitionIds = await client.getPartitionIds();
    const partition = await client.getPartitionProperties(job.partitionId ?? '0');
    print({ properties: { hub: await client.getEventHubProperties(), partitionIds, partition } });
  }
  if (job.count > 0) await read();
} catch (error) {
  print({ error: { name: error.name, code: error.code, message: error.message } });
}
await client.close();

async function read() {
  let count = 0;
  let subscription;
  await new Promise((done) => {
    const handlers = {
      processInitialize: async () => print({ ready: true }),
      processEvents: async (events, context) => {
        for (const event of events) {
          count++;
          if (job.isQuiet !== true) print({ event: { ...event, body: textOf(event.body) } });
        }
        if (job.tracks === true && events.length > 0) print({ tracked: context.lastEnqueuedEventProperties });
        if (count >= job.count) done();
      },
      processError: async (error) => {
        print({ error: { name: error.name, code: error.code, message: error.message } });
        done();
      },
    };
    subscription = client.subscribe(job.partitionId ?? '0', handlers, {
      startPosition: job.position,
      maxBatchSize: 100,
      maxWaitTimeInSeconds: 1,
      skipParsingBodyAsJson: true,
      trackLastEnqueuedEventProperties: job.tracks === true,
      ...(job.ownerLevel === undefined ? {} : { ownerLevel: job.ownerLevel }),
    });
  });
  print({ count });
  await subscription.close();
}

function textOf(body) {
  return Buffer.isBuffer(body) ? body.toString('utf8') : body;
}
