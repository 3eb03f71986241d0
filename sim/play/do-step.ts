import type { BoundStep, Needs } from '../steps/define-step.ts';
import type { Station } from '../world/station.ts';
import type { World } from '../world/world.ts';

/** Runs a step. If its station cannot reach what the step needs, records the failed check and does not run the step. */
export async function doStep(world: World, deed: BoundStep): Promise<void> {
  if (isWithinReach(world, deed)) await deed.run(world);
}

function isWithinReach({ place: { station }, history }: World, { name, args, needs }: BoundStep): boolean {
  if (station === undefined) return true;
  const wanted = wantedBy(needs, station);
  if (wanted.length === 0) return true;
  const far = wanted.filter(({ atHand }) => !atHand);
  for (const { what } of far) history.record({ kind: 'asked-afar', station: station.name, what });
  const subject = [args['device'], args['ca']].find((one) => typeof one === 'string') ?? station.name;
  const trace = history.trace('station', subject, name);
  const passed = trace.check(
    'station-online',
    far.length === 0 || station.online,
    (far.length === 0 ? wanted : far).map(({ what }) => what).join(' and '),
    `${station.name} ${far.length === 0 ? 'holds it' : station.online ? 'is online' : 'is offline'}`,
  );
  history.record({ kind: 'decision', ...trace.decision() });
  return passed;
}

/** Describes what the step needs, and whether the station can reach it. */
function wantedBy(
  { service, ca, vendor, batch, group, key }: Needs,
  { holds }: Station,
): readonly { readonly what: string; readonly atHand: boolean }[] {
  return [
    ...(service === true ? [{ what: 'the provisioning service', atHand: false }] : []),
    ...(ca === undefined ? [] : [{ what: `the CA ${ca}`, atHand: holds.cas.includes(ca) }]),
    ...(vendor === undefined ? [] : [{ what: `the vendor of ${vendor}`, atHand: false }]),
    ...(batch === undefined ? [] : [{ what: `the store ${batch}`, atHand: holds.batches.includes(batch) }]),
    ...(group === undefined ? [] : [{ what: `the key of group ${group}`, atHand: holds.groups.includes(group) }]),
    ...(key === undefined ? [] : [{ what: `the shared key ${key}`, atHand: holds.keys.includes(key) }]),
  ];
}
