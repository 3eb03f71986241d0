import { expect, test } from 'vitest';
import type { Run } from '../../../core/run/run.ts';
import type { RunController } from '../../../sim/play/run-controller.ts';
import { comparableResult } from '../../scenarios/comparable-result.ts';
import { playText } from '../play.ts';
import { swtpmMissing } from '../swtpm-present.ts';

interface Parts {
  /** Properties of the device. */
  readonly device: string;
  /** Settings of the cloud. */
  readonly cloud: string;
  /** Steps that give the device its credential. */
  readonly factory: string;
  /** The same for a key, which the device gets after its enrollment. */
  readonly key: string;
  /** Properties of the step `run-in-field`. */
  readonly field: string;
  /** Expectation of that step. */
  readonly end: string;
}

/** A meter that renews a certificate of thirty days about six times in 150 days. */
function meter(renewal: string, parts: Partial<Parts> = {}): string {
  const factory = '  - issue-certificate: { device: meter, validity: P20Y }';
  const { device = 'attestation: x509', cloud = '', field = 'for: P150D', end = 'assigned: true' } = parts;
  return `
title: A meter renews
start: 2026-01-01T00:00:00Z
cloud: { credentialPolicies: { monthly: { validityDays: 30 } }${cloud} }
devices: { meter: { ${device}, credential: issued-by-dps, renewal: { ${renewal}, at: 0.8 } } }
timeline:
${parts.factory ?? factory}
  - enroll: { device: meter, credentialPolicy: monthly }
${parts.key ?? ''}
  - power-on: meter
  - run-in-field: { device: meter, visits: P2D, ${field} }
    expect: { ${end} }
`;
}

async function play(text: string, allByWire = false, controller?: RunController): Promise<Run> {
  const [run] = await playText(text, 'quiet', controller, allByWire);
  if (run === undefined) throw new Error('nothing was played');
  return run;
}

const deeds = ({ history }: Run, sentence: string): number =>
  history.filter((event) => event.kind === 'deed' && event.sentence === sentence).length;
const byWire = (run: Run): number => deeds(run, 'its certificate is renewed');
const quiet = (run: Run): number => deeds(run, 'its certificate is renewed under the same conditions as before');

const withKey = { device: 'attestation: symmetricKey', factory: '', key: '  - install-key: meter' };
const faults = (fault: string): Partial<Parts> => ({ cloud: `, faults: [{ ${fault} }]` });

test.each<[string, string]>([
  ['the hub', meter('from: hub')],
  ['a hub that issues at once', meter('from: hub', { cloud: ', issuance: PT0S' })],
  ['a hub that issues after an hour', meter('from: hub', { cloud: ', issuance: PT1H' })],
  ['a hub, with a device that gives up after 409', meter('from: hub, whenActive: give-up')],
  ['a hub, with a device that registered with a key', meter('from: hub', withKey)],
  ['DPS over HTTPS', meter('from: dps', { device: 'attestation: x509, transport: https' })],
  ['DPS over MQTT', meter('from: dps', { device: 'attestation: x509, transport: mqtt' })],
  ['DPS over AMQP', meter('from: dps', { device: 'attestation: x509, transport: amqp' })],
  ['DPS, with a device that registers with a key', meter('from: dps', withKey)],
  ['a DPS that is out of service in each second request', meter('from: dps', faults('answer: 503, rate: 0.5'))],
  [
    'a DPS that cuts each third connection',
    meter('from: dps', { ...faults('drop: true, rate: 0.3'), field: 'for: P1Y' }),
  ],
  ['a DPS that answers slowly', meter('from: dps', faults('delay: PT20S'))],
  [
    'DPS, until the factory certificate expires',
    meter('from: dps', {
      factory: '  - issue-certificate: { device: meter, validity: P100D }',
      end: 'refused: certificate-valid-now',
    }),
  ],
  ['DPS, with a clock that drifts', meter('from: dps', { device: 'attestation: x509, ntp: false, clockDrift: 300' })],
  ['a hub, with a device that deletes the old certificate first', meter('from: hub, keepsOld: false')],
  ['DPS, with a device that deletes the old certificate first', meter('from: dps, keepsOld: false')],
  ['a hub, once the power has failed', meter('from: hub', { field: 'for: P150D, powerFails: after-accepted' })],
])(
  'a device that renews its certificate from %s has the same result without connections as with connections',
  async (_name, text) => {
    const [withoutConnections, withConnections] = [await play(text), await play(text, true)];
    expect(quiet(withConnections)).toBe(0);
    expect(quiet(withoutConnections)).toBeGreaterThan(0);
    expect(quiet(withoutConnections) + byWire(withoutConnections)).toBe(byWire(withConnections));
    expect(comparableResult(withoutConnections)).toEqual(comparableResult(withConnections));
  },
);

test('the first renewal of a step and then every tenth use connections', async () => {
  const run = await play(meter('from: hub', { field: 'for: P2Y' }));
  const renewed = run.history.flatMap((event) =>
    event.kind === 'deed' && event.sentence.startsWith('its certificate is renewed') ? [event.sentence] : [],
  );
  const connected = renewed.flatMap((sentence, index) =>
    sentence.endsWith('under the same conditions as before') ? [] : [index],
  );
  expect(connected).toEqual([0, 10, 20]);
});

test('a hub records the same checks for a renewal without a connection as for one with connections', async () => {
  const checks = (run: Run): readonly string[] =>
    run.history.flatMap((event) =>
      event.kind === 'decision' && event.about.startsWith('certificate issuance')
        ? [event.checks.map(({ check, passed }) => `${check} ${passed}`).join(' ')]
        : [],
    );
  const [withoutConnections, withConnections] = [
    await play(meter('from: hub')),
    await play(meter('from: hub'), true),
  ].map(checks);
  expect(withoutConnections?.length).toBeGreaterThan(4);
  expect(withoutConnections).toEqual(withConnections);
});

test('renewals use connections if a run controller observes the run', async () => {
  const run = await play(meter('from: hub', { field: 'for: P100D' }), false, {
    onEvent: () => {},
    beforeWait: () => {},
    beforeStep: () => Promise.resolve(),
    beforeTimeJump: () => Promise.resolve(),
  });
  expect([byWire(run), quiet(run)]).toEqual([4, 0]);
});

test.skipIf(swtpmMissing)('a device with its keys in a TPM renews over connections', async () => {
  const run = await play(meter('from: hub', { device: 'attestation: x509, keyStore: tpm', field: 'for: P100D' }));
  expect([byWire(run), quiet(run)]).toEqual([4, 0]);
});
