import { expect, onTestFinished, test } from 'vitest';
import type { Durability } from '../../../../core/cloud/durability.ts';
import { derivedKey, dpsToken, group, hubToken, symmetricKeys } from '../../clients/credentials.ts';
import { deviceListeners, registerAt } from '../../clients/device-at-listener.ts';
import { hubs, openCloud } from '../../clients/open-cloud.ts';
import { publishPacket, RawMqtt } from '../../clients/raw-mqtt.ts';

/** Returns a `Durability` for a state whose changes count as stored on disk only after the test calls a function. */
function heldDurability(): Durability & {
  change(): void;
  release(isDurable: boolean): void;
  whenHeld(): Promise<void>;
} {
  let [changes, kept] = [0, 0];
  let held: ((isDurable: boolean) => void)[] = [];
  let onHeld: () => void = () => {};
  return {
    get changes() {
      return changes;
    },
    whenDurable: (then, since) => {
      if (changes === kept || changes === since) {
        then(true);
        return;
      }
      held.push(then);
      onHeld();
    },
    change: () => void changes++,
    release: (isDurable) => {
      kept = changes;
      const released = held;
      held = [];
      for (const then of released) then(isDurable);
    },
    whenHeld: () => new Promise((done) => (onHeld = done)),
  };
}

const keys = symmetricKeys();

async function cloudThatKeeps() {
  const durability = heldDurability();
  const open = await openCloud({ durability, assignmentMs: 0 });
  onTestFinished(() => open.cloud.close());
  open.cloud.operator.putEnrollmentGroup(group('fleet', keys));
  for (const part of open.cloud.parts.values()) part.watch(() => durability.change());
  return { open, durability };
}

const token = dpsToken(derivedKey(keys.primaryKey, 'dev'), 'dev');

test.each(deviceListeners)(
  'a listener delays the answer to a registration over %s until the assignment is stored durably',
  async (door) => {
    const { open, durability } = await cloudThatKeeps();
    let isAnswered = false;
    const held = durability.whenHeld();
    const answered = registerAt(door, open, 'dev', { token }).finally(() => (isAnswered = true));
    await held;
    expect(open.cloud.operator.provisioned().map(({ registrationId }) => registrationId)).toEqual(['dev']);
    expect(isAnswered).toBe(false);
    durability.release(true);
    expect((await answered).body).toMatchObject({ status: 'assigning' });
  },
);

test.each(deviceListeners)(
  'a listener does not confirm a registration over %s if its assignment cannot be stored',
  async (door) => {
    const { open, durability } = await cloudThatKeeps();
    const held = durability.whenHeld();
    const answered = registerAt(door, open, 'dev', { token }).then(
      ({ status, body }) => ({ status, body }),
      () => 'disconnected',
    );
    await held;
    durability.release(false);
    const refused = { status: 503, body: { errorCode: 503001, message: expect.stringMatching(/state file in time/) } };
    expect(await answered).toEqual(
      door === 'https' ? { ...refused, body: expect.objectContaining(refused.body) } : 'disconnected',
    );
  },
);

test('a hub acknowledges telemetry only after the event is stored durably', async () => {
  const { open, durability } = await cloudThatKeeps();
  const registered = registerAt('https', open, 'dev', { token });
  await durability.whenHeld();
  durability.release(true);
  await registered;
  const [hub] = hubs;
  const used = open.cloud.hubAccess.has(hub) ? hub : hubs[1];
  const device = await RawMqtt.open(open.cloud);
  const password = hubToken(derivedKey(keys.primaryKey, 'dev'), used, 'dev');
  const username = `${used}/dev/?api-version=2021-04-12`;
  expect(await device.connect({ clientId: 'dev', username, password })).toBe(0);
  const held = durability.whenHeld();
  device.send(publishPacket('devices/dev/messages/events/', '{"t":1}', 1, 7));
  await held;
  const next = device.next();
  const first = await Promise.race([
    next.then(() => 'acknowledged'),
    new Promise((done) => setImmediate(done, 'held')),
  ]);
  expect(first).toBe('held');
  durability.release(true);
  expect((await next).kind).toBe('puback');
  device.close();
});
