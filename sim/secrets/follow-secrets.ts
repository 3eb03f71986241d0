import type { EnrollmentGroup } from '../../core/wire/enrollment.ts';
import { dpsSecretLocation } from './dps-secret-location.ts';
import { requireAuthority } from '../world/require-authority.ts';
import type { World } from '../world/world.ts';

/**
 * Records where the secrets of a world are stored at its start: keys of CAs and groups, shared keys, seeds of TPMs. From then on, the
 * ledger receives every change in the devices of the world.
 */
export function followSecrets(world: Pick<World, 'cloud' | 'devices' | 'factory' | 'pki'>): void {
  const { secrets, inDevices } = world.factory;
  noteAuthorities(world);
  for (const [name, key] of world.pki.sharedKeys) {
    const secret = secrets.create('shared-key', `shared key ${name}`, key);
    secrets.setContent({ party: 'manufacturer', place: 'office', label: name }, [secret]);
  }
  for (const group of Object.keys(world.cloud.settings.enrollmentGroups)) noteGroup(world, group);
  for (const station of world.factory.stations.values()) {
    const { name, party, holds } = station;
    secrets.setContent({ party, place: name, label: 'groups' }, [
      ...holds.groups.map((group) => secrets.find(keysOf(world.cloud.operator.enrollmentGroup(group))?.primaryKey)),
      ...holds.keys.map((key) => secrets.find(world.pki.sharedKeys.get(key))),
    ]);
  }
  for (const device of world.devices.byName.values()) {
    inDevices.follow(device);
    inDevices.noteTpm(device);
  }
}

/**
 * Records the keys of CAs. The party that operates a CA has its key, and so has each station that uses the CA. If the key is in an HSM at
 * stations, only these stations have it.
 */
function noteAuthorities(world: Pick<World, 'factory' | 'pki'>): void {
  const { secrets } = world.factory;
  for (const [name, { kind, keyStore }] of Object.entries(world.pki.settings)) {
    const secret = secrets.create('ca-key', `key of CA ${name}`, requireAuthority(world.pki.authorities, name));
    const sealed = keyStore === 'hsm' ? { sealed: true as const } : {};
    const stations = [...world.factory.stations.values()].filter(({ holds }) => holds.cas.includes(name));
    const label = `CA ${name}`;
    if (keyStore !== 'hsm' || stations.length === 0) {
      const party = kind === 'third-party' ? 'third-party-pki' : 'manufacturer';
      secrets.setContent({ party, place: label, label, ...sealed }, [secret]);
    }
    for (const station of stations) {
      secrets.setContent({ party: station.party, place: station.name, label, ...sealed }, [secret]);
    }
  }
}

function noteGroup({ cloud, factory: { secrets } }: Pick<World, 'cloud' | 'factory'>, id: string): void {
  const keys = keysOf(cloud.operator.enrollmentGroup(id));
  if (keys === undefined) return;
  secrets.setContent(dpsSecretLocation(`group ${id}`), [
    secrets.create('group-key', `key of group ${id}`, keys.primaryKey),
    secrets.create('group-key', `secondary key of group ${id}`, keys.secondaryKey),
  ]);
}

function keysOf(group: EnrollmentGroup | undefined) {
  return group?.attestation.type === 'symmetricKey' ? group.attestation : undefined;
}
