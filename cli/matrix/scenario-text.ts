import { stringify } from 'yaml';
import { defined } from '../../core/defined.ts';
import { matrixAxes, type MatrixPlace } from '../../core/run/matrix-axes.ts';
import { type Design, designs, fleet, planned, type StepWords } from './design.ts';

/**
 * Returns a cell of the matrix as a scenario file. Its expectations make the measurement valid: the production line ships all units, and
 * all devices get into service. No expectation is about the loot of the attacker, because the matrix measures the loot. The attacker tries
 * the loot on all devices four times: after the theft, ten minutes after the enrollment was disabled, ten minutes after the hub identity
 * was disabled an hour later, and at the end, when the devices have new credentials.
 */
export function scenarioText(place: MatrixPlace): string {
  const design = designs[place.attestation](place);
  const { attack, factory, keyStore } = place;
  return stringify({
    title: (Object.keys(matrixAxes) as (keyof MatrixPlace)[]).map((axis) => wordOf(place, axis)).join('; '),
    tags: ['matrix'],
    ...defined({ keys: design.keys }),
    ...(design.kind === 'x509' ? { pki: authorities } : {}),
    cloud: { enrollmentGroups: groups(design) },
    stations: {
      line: { party: 'contract-manufacturer', online: factory === 'connected', holds: design.holds },
      ...(design.keys === undefined ? {} : { desk: { place: 'office', holds: { keys: ['fleet-key'] } } }),
    },
    devices: {
      [fleet]: { attestation: design.kind, keyStore, count: size },
      [planned]: { attestation: design.kind, keyStore },
    },
    timeline: [
      ...design.ahead,
      {
        produce: { device: fleet, route: [{ at: 'line', do: [...design.onLine, { package: {} }] }] },
        expect: { shipped: size },
      },
      ...design.afterwards,
      { 'power-on': fleet, after: 'P1M', expect: { assigned: 'hub-eu' } },
      { 'steal-key': { ...takenFrom(attack, design), as: 'loot' }, after: 'P1M' },
      ...(attack === 'device-returned' ? [{ 'return-device': stolen, after: 'P1D' }] : []),
      { ...tryAll, after: 'P1D' },
      ...aftermath(attack, design),
    ],
  });
}

const size = 3;
const stolen = `${fleet}-1`;
const tryAll = { 'blast-radius': 'loot' };

const authorities = {
  'factory-ca': {},
  'next-factory-ca': {},
  'vendor-ca': { kind: 'third-party' },
  'next-vendor-ca': { kind: 'third-party' },
};

function wordOf(place: MatrixPlace, axis: keyof MatrixPlace): string {
  return (matrixAxes[axis] as Readonly<Record<string, string>>)[place[axis]] ?? place[axis];
}

/** No step can change the key of a group, so a second group has the new key that devices use after the theft. */
function groups({ group, kind }: Design): StepWords {
  if (group === undefined) return {};
  return { units: group, ...(kind === 'symmetricKey' ? { 'next-units': group } : {}) };
}

function takenFrom(attack: MatrixPlace['attack'], { behind }: Design): StepWords {
  if (attack === 'station-stolen') return { station: 'line' };
  return attack === 'key-leaked' ? behind : { device: stolen };
}

function aftermath(attack: MatrixPlace['attack'], design: Design): readonly StepWords[] {
  const isOfOne = !design.isShared && (attack === 'device-kept' || attack === 'device-returned');
  const others = Array.from({ length: size - 1 }, (_, index) => `${fleet}-${index + 2}`);
  const back = attack === 'device-kept' ? (isOfOne ? [] : others) : isOfOne ? [stolen] : [stolen, ...others];
  // Without new firmware, malware that the attacker installed on the device would use the new key as well.
  const cleaned = attack === 'device-returned' ? [{ 'reinstall-firmware': stolen }] : [];
  const ban = isOfOne ? design.banOne(stolen) : design.banAll;
  return [
    ...later('P1D', ban),
    { ...tryAll, after: 'PT10M' },
    { 'set-hub-identity': { device: isOfOne ? stolen : fleet, status: 'disabled' }, after: 'PT50M' },
    { ...tryAll, after: 'PT10M' },
    { connect: fleet },
    ...later('P7D', [...cleaned, ...(isOfOne ? back.flatMap(design.rollOne) : design.rollAll(back))]),
    ...back.map((device) => ({ 'set-hub-identity': { device, status: 'enabled' } })),
    { register: fleet },
    { ...tryAll, after: 'PT1H' },
  ];
}

/** Returns the given steps. The first step gets the delay `after`. */
function later(after: string, steps: readonly StepWords[]): readonly StepWords[] {
  return steps.map((step, index) => (index === 0 ? { ...step, after } : step));
}
