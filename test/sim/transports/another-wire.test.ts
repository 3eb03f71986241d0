import { afterEach, expect, test } from 'vitest';
import type { Cloud } from '../../../core/cloud/cloud.ts';
import { defaultFidelity } from '../../../core/cloud/fidelity.ts';
import { firstFailed } from '../../../core/history/decision.ts';
import type { Transport } from '../../../core/history/events.ts';
import { History } from '../../../core/history/history.ts';
import { Random } from '../../../core/random.ts';
import type { Clock } from '../../../core/time/clock.ts';
import { listeners } from '../../../mocks/start-cloud.ts';
import { startCloud } from '../../../mocks/start-cloud.ts';
import { attempt } from '../../../sim/devices/attempt.ts';
import { wires, type Wires } from '../../../sim/transports/wires.ts';
import { Network } from '../../../sim/world/network.ts';
import { individual, symmetricKeys } from '../../mocks/clients/credentials.ts';
import { idScope, noon } from '../../mocks/clients/open-cloud.ts';
import { line, lineListener } from './line/line-listener.ts';
import { lineWire } from './line/line-wire.ts';
import { keyDevice } from './key-device.ts';

// To add a protocol, this test needs a folder with a listener of the services, a folder with the device side of the protocol, and an entry
// in each of the two lists. The shipped code does the rest.
const hub = 'hub-eu.azure-devices.net';
const lineInWebSocket = 'line-ws' as Transport;
const allWires: Wires = {
  ...wires,
  [line]: lineWire,
  [lineInWebSocket]: { ...lineWire, listener: 'https', subProtocol: 'line' },
};

let cloud: Cloud | undefined;
afterEach(() => cloud?.close());

async function attemptOver(transport: Transport, key: 'enrolled' | 'other') {
  const clock: Clock = { now: () => noon, sleep: async () => {} };
  const history = new History(clock);
  cloud = await startCloud(
    {
      clock,
      history,
      random: new Random('line'),
      idScope,
      hubs: [hub],
      fidelity: defaultFidelity,
      retryAfterSeconds: 3,
      assignmentMs: 0,
      listen: { host: '127.0.0.1', https: 0, mqtt: 0, amqp: 0, [line]: 0 },
    },
    [...listeners, lineListener],
  );
  const [enrolled, other] = [symmetricKeys(), symmetricKeys()];
  cloud.operator.putEnrollment(individual('meter', enrolled));
  const device = keyDevice(transport, clock, (key === 'enrolled' ? enrolled : other).primaryKey, {
    trustStore: [cloud.serverRoot],
  });
  const network = new Network(clock, history, cloud, [hub], { wires: allWires });
  return { end: await attempt(device, 'as-configured', network), history };
}

test.each([line, lineInWebSocket])(
  'a device registers over %s, a protocol that this test adds to the lists of listeners and transports',
  async (transport) => {
    const { end, history } = await attemptOver(transport, 'enrolled');
    expect(end).toMatchObject({ outcome: 'assigned', assignedHub: hub, telemetry: 'accepted', attempts: 1 });
    expect(history.events().find(({ kind }) => kind === 'attempt-started')).toMatchObject({ transport });
  },
);

test('over an added protocol, the services check a device in the same way as over other protocols', async () => {
  const { end, history } = await attemptOver(line, 'other');
  expect(end).toMatchObject({ outcome: 'refused', telemetry: 'none' });
  const decisions = history.events().filter((event) => event.kind === 'decision');
  expect(decisions.map((decision) => firstFailed(decision)?.check)).toEqual(['token-signature-matches']);
});
