import { expect, onTestFinished, test } from 'vitest';
import { derivedKey, dpsToken, group, symmetricKeys } from '../../clients/credentials.ts';
import { registerAt } from '../../clients/device-at-listener.ts';
import { hubs, openCloud, type OpenCloud } from '../../clients/open-cloud.ts';
import { flooder, floods, floodSize, memberKey, telemetry, type Flood } from './flood.ts';

const keys = symmetricKeys();
const [hub] = hubs;
const tokenOf = (id: string): string => dpsToken(derivedKey(keys.primaryKey, id), id);

async function labWithFlooder(flood: Flood) {
  const open = await openCloud({ assignmentMs: 0, hubs: [hub] });
  onTestFinished(() => open.cloud.close());
  open.cloud.operator.putEnrollmentGroup(group('line', keys));
  await registerAt('https', open, flooder, { token: tokenOf(flooder) });
  const { start, startAndEnd, end } = await flood(open, memberKey(keys.primaryKey));
  onTestFinished(end);
  return { open, start, startAndEnd };
}

/** Returns the number of messages and requests of the flooding device that a listener has handled. */
function handled({ history }: OpenCloud): number {
  const isFlood = /^(PUBLISH \$iothub\/twin\/PATCH|PUBLISH devices|SUBSCRIBE|iotdps-register)/;
  // A second line says that the device gets no answer to its patch.
  const isFirstLine = (message: string): boolean => isFlood.test(message) && !message.includes('→ no answer');
  return history
    .events()
    .filter((event) => event.kind === 'wire' && event.from === flooder && isFirstLine(event.message)).length;
}

/** The number of handled messages after which the measurement ends. The credit of an AMQP link permits only 32 at once. */
const enough = 30;

/** Calls `look` in each turn of the event loop until it returns true. */
async function eachTurn(look: () => boolean): Promise<void> {
  while (!look()) await new Promise((done) => setImmediate(done));
}

test.each(Object.entries(floods))(
  'a listener handles at most 20 messages of one client in each turn of the event loop: %s',
  async (_name, flood) => {
    const { open, start } = await labWithFlooder(flood);
    const before = handled(open);
    let [last, most] = [before, 0];
    start();
    await eachTurn(() => {
      const now = handled(open);
      most = Math.max(most, now - last);
      last = now;
      return now - before >= enough;
    });
    expect(most).toBeLessThanOrEqual(20);
  },
);

// Over AMQP, the credit of a link limits the unanswered messages of a client.
const overMqtt = Object.entries(floods).filter(([name]) => name.includes('MQTT'));

test.each(overMqtt)('a listener serves another client during a flood of messages: %s', async (_name, flood) => {
  const { open, start } = await labWithFlooder(flood);
  const before = handled(open);
  start();
  await eachTurn(() => handled(open) > before);
  // The registration of another client needs a handshake and three round trips.
  await registerAt('mqtt', open, 'other', { token: tokenOf('other') });
  expect(handled(open) - before).toBeLessThan(600);
});

test('a listener handles everything that a client sent before the client ended the connection', async () => {
  const { open, startAndEnd } = await labWithFlooder(telemetry);
  startAndEnd();
  await eachTurn(() => handled(open) === floodSize);
  expect(handled(open)).toBe(floodSize);
});
