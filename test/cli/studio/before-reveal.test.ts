import { expect, test } from 'vitest';
import { beforeReveal } from '../../../cli/studio/before-reveal.ts';
import type { HistoryEvent } from '../../../core/history/events.ts';

/** The test puts this text into each value that would reveal a result or a reason. */
const told = 'HOW-IT-ENDED';
const device = { device: 'sensor', registrationId: 'sensor-1' };
const decision = { subject: 'sensor-1', about: 'register', checks: [], [told]: told };

/** One event of each kind. If an event kind is added, this file does not compile until it has an entry here. */
const everyKind: { readonly [Kind in HistoryEvent['kind']]: object } = {
  'step-started': { step: 0, name: 'power-on', line: 3 },
  'step-ended': { step: 0 },
  'time-jumped': { from: 0, to: 1 },
  deed: { party: 'attacker', subject: 'sensor', sentence: `the service answers ${told}` },
  'asked-afar': { station: 'line', what: 'a certificate' },
  secret: { secret: 'key of sensor', place: 'the flash of sensor' },
  unit: { device: 'sensor', fate: told, check: told },
  'line-ended': { product: 'sensor', stations: [], ordered: 1, startedAt: 0 },
  reconciled: { overproduced: [told], unaudited: [told], scrapped: [told] },
  'blast-radius': { loot: 'keys', tried: ['sensor-1'], candidates: 1, impersonated: [told] },
  drill: { outOfDps: told, outOfHub: told },
  fleet: { outcomes: told, refusals: [told], samples: [told] },
  signals: { findings: [told] },
  wire: { door: 'https', from: 'sensor-1', to: 'dps', message: `PUT /0ne/registrations/sensor-1/register → ${told}` },
  'client-hello': { door: 'mqtt', from: '127.0.0.1', digest: '0123456789abcdef' },
  'service-record': { answer: told },
  decision,
  'attempt-started': { ...device, attestation: 'tpm', transport: 'mqtt' },
  'attempt-ended': { ...device, outcome: told, sentence: told, errorCode: told, substatus: told, assignedHub: told },
  'quiet-visits': { ...device, hub: told, deviceId: 'sensor-1', visits: 3 },
};

test.each(Object.entries(everyKind))(
  'before the presenter reveals a result, the audience does not see it in an event of kind %s',
  (kind, fields) => {
    const shown = beforeReveal({ at: 0, kind, ...fields } as HistoryEvent);
    expect(JSON.stringify(shown) ?? '').not.toContain(told);
    for (const word of ['outcome', 'status', 'error', 'errorCode', 'check', 'checks', 'findings'])
      expect(shown ?? {}).not.toHaveProperty(word);
  },
);

test.each([
  ['PUT /x/register → 401 {"message":"HOW"}', 'PUT /x/register'],
  [
    'PUBLISH $dps/registrations/PUT/iotdps-register/?$rid=1 {"a":"→"} → 401 HOW',
    'PUBLISH $dps/registrations/PUT/iotdps-register/?$rid=1',
  ],
  ['PUBLISH $dps/registrations/res/401/?$rid=1 HOW', 'PUBLISH'],
  ['CONNECT hub/sensor-1 → CONNACK 5', 'CONNECT hub/sensor-1'],
  ['iotdps-register {} → 401 HOW', 'iotdps-register'],
  ['ATTACH refused: 401002 HOW', 'ATTACH'],
  ['SASL PLAIN x → auth 401002', 'SASL'],
  ['→ HOW', 'a message'],
])(
  'before the presenter reveals a result, the audience sees only the request of the message "%s"',
  (message, request) => {
    const wire: HistoryEvent = { at: 0, kind: 'wire', door: 'mqtt', from: 'sensor-1', to: 'dps', message };
    expect(beforeReveal(wire)).toMatchObject({ message: request });
  },
);

test.each(['dps', 'hub', 'hub-eu.azure-devices.net'])(
  'before the presenter reveals a result, the audience does not see messages that %s sends',
  (from) => {
    const message = 'PUBLISH $iothub/twin/res/429/?$rid=1';
    expect(beforeReveal({ at: 0, kind: 'wire', door: 'mqtt', from, to: 'sensor-1', message })).toBeUndefined();
  },
);
