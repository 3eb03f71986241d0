import type { EnrollmentGroup } from '../../core/wire/enrollment.ts';
import { dpsSecretLocation } from './dps-secret-location.ts';
import { authorityOf } from '../steps/shared/authority-of.ts';
import type { World } from '../world/world.ts';

/** Where the secrets lie that are there before anything happens: keys of CAs, of groups, shared ones, seeds of TPMs. */
export function noteSecretsAtStart(world: World): void {
  const { secrets, inDevices } = world.factory;
  noteAuthorities(world);
  for (const [name, key] of world.sharedKeys) {
    const secret = secrets.fresh('shared-key', `shared key ${name}`, key);
    secrets.lay({ party: 'manufacturer', place: 'office', label: name }, [secret]);
  }
  for (const group of Object.keys(world.scenario.cloud.enrollmentGroups)) noteGroup(world, group);
  for (const station of world.stations.values()) {
    const { name, party, holds } = station;
    secrets.lay({ party, place: name, label: 'groups' }, [
      ...holds.groups.map((group) => secrets.of(keysOf(world.cloud.operator.enrollmentGroup(group))?.primaryKey)),
      ...holds.keys.map((key) => secrets.of(world.sharedKeys.get(key))),
    ]);
  }
  for (const device of world.devices.values()) inDevices.noteTpm(device);
}

/** The key of a CA is with whoever runs it. One in a module is at the stations that the module stands at. */
function noteAuthorities(world: World): void {
  const { secrets } = world.factory;
  for (const [name, { kind, keyStore }] of Object.entries(world.scenario.pki)) {
    const secret = secrets.fresh('ca-key', `key of CA ${name}`, authorityOf(world, name));
    const sealed = keyStore === 'hsm' ? { sealed: true as const } : {};
    const stations = [...world.stations.values()].filter(({ holds }) => holds.cas.includes(name));
    const label = `CA ${name}`;
    if (keyStore !== 'hsm' || stations.length === 0) {
      const party = kind === 'third-party' ? 'third-party-pki' : 'manufacturer';
      secrets.lay({ party, place: label, label, ...sealed }, [secret]);
    }
    for (const station of stations) {
      secrets.lay({ party: station.party, place: station.name, label, ...sealed }, [secret]);
    }
  }
}

function noteGroup({ cloud, factory: { secrets } }: World, id: string): void {
  const keys = keysOf(cloud.operator.enrollmentGroup(id));
  if (keys === undefined) return;
  secrets.lay(dpsSecretLocation(`group ${id}`), [
    secrets.fresh('group-key', `key of group ${id}`, keys.primaryKey),
    secrets.fresh('group-key', `secondary key of group ${id}`, keys.secondaryKey),
  ]);
}

function keysOf(group: EnrollmentGroup | undefined) {
  return group?.attestation.type === 'symmetricKey' ? group.attestation : undefined;
}
