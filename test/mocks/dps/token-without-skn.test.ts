import { createHmac } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { individual, group, derivedKey, symmetricKeys } from '../clients/credentials.ts';
import { deviceListeners, pollAt, registerAt } from '../clients/device-at-listener.ts';
import { idScope, noon, openCloud, type OpenCloud } from '../clients/open-cloud.ts';

/** DPS tokens of clients that send no key name, as observed on the wire. */
const clients: readonly (readonly [string, (key: Buffer, id: string) => string])[] = [
  ['azure-iot-device (Python)', (key, id) => signed(key, `${idScope}%2Fregistrations%2F${id}`, ['sr', 'sig', 'se'])],
  ['azure-sdk-for-c', (key, id) => signed(key, `${idScope}%2fregistrations%2f${id}`, ['sr', 'se', 'sig'])],
  ['a client with an empty skn', (key, id) => `${signed(key, `${idScope}/registrations/${id}`)}&skn=`],
];

function signed(key: Buffer, sr: string, order: readonly ('sr' | 'sig' | 'se')[] = ['sr', 'sig', 'se']): string {
  const se = noon / 1000 + 3600;
  const sig = createHmac('sha256', key).update(`${sr}\n${se}`).digest('base64');
  const fields = { sr, sig: encodeURIComponent(sig), se: `${se}` };
  return `SharedAccessSignature ${order.map((name) => `${name}=${fields[name]}`).join('&')}`;
}

let open: OpenCloud;
const own = symmetricKeys();
const ofGroup = symmetricKeys();

beforeAll(async () => {
  open = await openCloud({ assignmentMs: 0 });
  open.cloud.operator.putEnrollment(individual('alone', own));
  open.cloud.operator.putEnrollmentGroup(group('line', ofGroup));
});
afterAll(() => open.cloud.close());

test.each(deviceListeners.flatMap((wire) => clients.map(([client, token]) => [wire, client, token] as const)))(
  'over %s, DPS accepts a token without a key name (`skn`) in the form that this client sends: %s',
  async (wire, _client, token) => {
    for (const [id, key] of [
      ['alone', own.primaryKey],
      ['member', derivedKey(ofGroup.primaryKey, 'member')],
    ] as const) {
      const shown = { token: token(key, id) };
      const accepted = await registerAt(wire, open, id, shown);
      expect(accepted.body).toMatchObject({ status: 'assigning' });
      const { operationId } = accepted.body as { readonly operationId: string };
      const done = await pollAt(wire, open, id, shown, operationId);
      expect(done.body).toMatchObject({ status: 'assigned', registrationState: { deviceId: id } });
    }
  },
);
