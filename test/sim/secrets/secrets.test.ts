import { describe, expect, test } from 'vitest';
import type { FlaggedHolding } from '../../../core/findings/flag-holdings.ts';
import { hsmMissing, tpmKeysMissing } from '../key-stores/parts-present.ts';
import { playText } from '../play.ts';
import { swtpmMissing } from '../swtpm-present.ts';

/**
 * Returns every copy of a secret in a scenario as `secret | party at location`, followed by flags such as `stolen`.
 *
 * @param text scenario without a title, which ends with the timeline. A device without credentials is added, so that the scenario has an
 * expectation.
 */
async function copies(text: string): Promise<readonly string[]> {
  const withOther = text.replace(
    /devices:\s+(\{ )?/,
    (words) => `${words}empty: { attestation: symmetricKey }${words.endsWith('{ ') ? ', ' : '\n  '}`,
  );
  const [run] = await playText(`title: Secrets\n${withOther}\n  - connect: empty\n    expect: { telemetry: none }\n`);
  expect(run?.verdict).toEqual({ kind: 'pass', reason: 'as expected' });
  return run?.secrets.map(line) ?? [];
}

function line({ secret, party, place, sealed, to, flag }: FlaggedHolding): string {
  const words = [sealed === true ? 'sealed' : '', to === null ? '' : 'dropped', flag ?? ''].filter(
    (word) => word !== '',
  );
  return [`${secret} | ${party} at ${place}`, ...words].join(', ');
}

const about = (all: readonly string[], start: string): readonly string[] => all.filter((one) => one.startsWith(start));

describe('the key of a CA', () => {
  test.each([
    ['{}', '', ['key of CA ca | manufacturer at CA ca']],
    ['{ kind: third-party }', '', ['key of CA ca | third-party-pki at CA ca']],
    [
      '{}',
      'stations: { room: { holds: { cas: [ca] } } }',
      ['key of CA ca | manufacturer at CA ca', 'key of CA ca | manufacturer at room, needless'],
    ],
  ])(
    'is held by the organisation that runs the CA, and by each station to which the scenario gives the key (CA: `%s`; stations: `%s`)',
    async (ca, stations, expected) => {
      const all = await copies(`pki: { ca: ${ca} }\n${stations}
devices: { it: { attestation: x509 } }
timeline:
  - package: it`);
      expect(all).toEqual(expected);
    },
  );

  test('can be copied by an attacker if it is in a file', async () => {
    const all = await copies(`pki: { ca: {} }
devices: { it: { attestation: x509 } }
timeline:
  - steal-key: { ca: ca, as: disk }`);
    expect(all).toContain('key of CA ca | attacker at loot disk, stolen');
  });
});

describe('a private key', () => {
  test('that the device makes is only in the device, and is deleted at the renewal', async () => {
    const all = await copies(`pki: { ca: { kind: third-party, leafValidity: P90D } }
cloud: { enrollmentGroups: { line: { x509: { ca: ca } } } }
devices: { it: { attestation: x509, renewal: { from: ca } } }
timeline:
  - request-certificate: { device: it, from: ca }
  - run-in-field: { device: it, for: P75D }
    expect: { assigned: true }`);
    expect(about(all, 'private')).toEqual([
      'private key of it | device at it, dropped',
      'private key of it, no. 2 | device at it',
    ]);
  });

  test('that a vendor makes in advance is stored with the batch until it is installed', async () => {
    const all = await copies(`pki: { ca: { kind: third-party } }
stations: { desk: { place: office }, dock: { party: contract-manufacturer } }
devices: { it: { attestation: x509, count: 2 } }
timeline:
  - order-batch: { device: it, from: ca, as: store }
    at: desk
  - install-from-batch: { device: it-1, batch: store }
    at: dock`);
    expect(about(all, 'private')).toEqual([
      'private key of it-1 | third-party-pki at CA ca, dropped, needless',
      'private key of it-2 | third-party-pki at CA ca, dropped, needless',
      'private key of it-1 | manufacturer at desk, dropped, needless',
      'private key of it-2 | manufacturer at desk, needless',
      'private key of it-1 | contract-manufacturer at dock, dropped, needless',
      'private key of it-1 | device at it-1',
    ]);
  });

  test('for a certificate from DPS is made in the device', async () => {
    const all = await copies(`cloud: { credentialPolicies: { day: {} } }
keys: [k]
devices: { it: { attestation: symmetricKey, credential: issued-by-dps } }
timeline:
  - enroll: { device: it, credentialPolicy: day }
  - install-key: it
  - power-on: it
    expect: { assigned: true }`);
    expect(about(all, 'private')).toEqual(['private key of it | device at it']);
  });

  test('that a device gets with a second certificate is a new key, and a flash image copies the new key to another device', async () => {
    const all = await copies(`devices: { it: { attestation: x509, count: 2 } }
timeline:
  - issue-certificate: it-1
  - issue-certificate: it-1
  - flash-image: { device: it-2, from: it-1, carries: [certificate, private-key] }
  - steal-key: { device: it-2, as: dump }`);
    expect(about(all, 'private')).toEqual([
      'private key of it-1 | manufacturer at line, dropped, needless',
      'private key of it-1 | device at it-1, dropped',
      'private key of it-1, no. 2 | manufacturer at line, dropped, needless',
      'private key of it-1, no. 2 | device at it-1',
      'private key of it-1, no. 2 | manufacturer at line, dropped, needless',
      'private key of it-1, no. 2 | device at it-2, needless',
      'private key of it-1, no. 2 | attacker at loot dump, stolen',
    ]);
  });

  test('that a key store keeps inside can be used by an attacker but not copied', async () => {
    const all = await copies(`devices: { it: { attestation: x509, keyStore: tee } }
timeline:
  - issue-certificate: it
  - steal-key: { device: it, as: use }`);
    expect(all).toEqual(['private key of it | device at it, sealed']);
  });
});

describe('a symmetric key', () => {
  test('is deleted at DPS with its enrollment, and stays in the device until a new key is installed', async () => {
    const all = await copies(`devices: { it: { attestation: symmetricKey } }
stations: { flash: { keepsCopies: true } }
timeline:
  - enroll: it
  - install-key: it
    at: flash
  - delete-enrollment: it
  - enroll: it
  - install-key: { device: it, from: enrollment-secondary }
  - steal-key: { device: it, as: dump }`);
    expect(all).toEqual([
      'symmetric key of it | cloud-operator at DPS, dropped',
      'secondary symmetric key of it | cloud-operator at DPS, dropped',
      'symmetric key of it | manufacturer at flash, needless',
      'symmetric key of it | device at it, dropped',
      'symmetric key of it, no. 2 | cloud-operator at DPS',
      'secondary symmetric key of it, no. 2 | cloud-operator at DPS',
      'secondary symmetric key of it, no. 2 | manufacturer at line, dropped, needless',
      'secondary symmetric key of it, no. 2 | device at it',
      'secondary symmetric key of it, no. 2 | attacker at loot dump, stolen',
    ]);
  });

  test('that is derived from a group key is in one device; the group key stays at DPS unless an operator exports it', async () => {
    const all = await copies(`cloud: { enrollmentGroups: { line: { symmetricKey: true } } }
stations: { flash: { party: contract-manufacturer, holds: { groups: [line] } } }
devices: { it: { attestation: symmetricKey, count: 2 } }
timeline:
  - install-key: { device: it-1, from: derived, group: line }
    at: flash
  - install-key: { device: it-2, from: group-key, group: line }
  - steal-key: { device: it-2, as: dump }`);
    expect(all).toEqual([
      'key of group line | cloud-operator at DPS',
      'secondary key of group line | cloud-operator at DPS',
      'key of group line | contract-manufacturer at flash, needless',
      'symmetric key of it-1 | contract-manufacturer at flash, dropped, needless',
      'symmetric key of it-1 | device at it-1',
      'key of group line | manufacturer at line, dropped, needless',
      'key of group line | device at it-2, needless',
      'key of group line | attacker at loot dump, stolen',
    ]);
  });

  test('that many devices share is in each of these devices', async () => {
    const all = await copies(`keys: [k]
devices: { it: { attestation: symmetricKey, count: 2 } }
timeline:
  - enroll: { device: it, sharedKey: k }
  - install-key: { device: it, from: shared, sharedKey: k }
  - delete-enrollment: it-1`);
    expect(all).toEqual([
      'shared key k | manufacturer at office',
      'shared key k | cloud-operator at DPS',
      'shared key k | manufacturer at line, dropped, needless',
      'shared key k | device at it-1, needless',
      'shared key k | manufacturer at line, dropped, needless',
      'shared key k | device at it-2, needless',
    ]);
  });
});

test('the maker of a TPM has the key of an access policy until the policy is revoked', async () => {
  const all = await copies(`devices: { it: { attestation: symmetricKey } }
timeline:
  - grant-access: maker
  - revoke-access: { policy: maker, how: roll-keys }
  - grant-access: other`);
  expect(all).toEqual([
    'key of policy maker | cloud-operator at DPS, dropped',
    'key of policy maker | tpm-maker at TPM maker, dropped, needless',
    'key of policy maker, no. 2 | cloud-operator at DPS',
    'key of policy other | cloud-operator at DPS',
    'key of policy other | tpm-maker at TPM maker, needless',
  ]);
});

describe.skipIf(swtpmMissing)('a TPM', () => {
  const hub = 'hub key of it at hub-eu.azure-devices.net';

  test('seals its seed and its hub key, and loses them when the seed is replaced and the TPM is cleared', async () => {
    const all = await copies(`devices: { it: { attestation: tpm } }
timeline:
  - extract-ek: it
  - enroll: it
  - power-on: it
    expect: { assigned: true }
  - steal-key: { device: it, as: nothing }
  - clear-tpm: it
  - roll-ek: it`);
    expect(all).toEqual([
      'endorsement seed of it | device at it, sealed, dropped',
      `${hub} | cloud-operator at DPS`,
      `${hub} | cloud-operator at hub-eu.azure-devices.net`,
      `${hub} | device at it, sealed, dropped`,
      'endorsement seed of it, no. 2 | device at it, sealed',
    ]);
  });

  test('in software is stored in a file that every disk image contains, and an attacker can copy the file', async () => {
    const all = await copies(`devices:
  it: { attestation: tpm, tpmKind: software }
  other: { attestation: tpm, tpmKind: software }
timeline:
  - copy-tpm: { device: other, from: it }
  - extract-ek: it
  - enroll: it
  - power-on: it
    expect: { assigned: true }
  - steal-key: { device: it, as: disk }
  - impersonate: { device: it, with: disk }
    expect: { assigned: true }
  - replace-tpm: it`);
    expect(all).toEqual([
      'endorsement seed of it | device at it, dropped',
      'endorsement seed of other | device at other, dropped',
      'endorsement seed of it | software-installer at image of a TPM, dropped, needless',
      'endorsement seed of it | device at other, needless',
      `${hub} | cloud-operator at DPS`,
      `${hub} | cloud-operator at hub-eu.azure-devices.net`,
      `${hub} | device at it, dropped`,
      'endorsement seed of it | attacker at loot disk, stolen',
      `${hub} | attacker at loot disk, stolen`,
      `${hub} | attacker at TPM of the attacker, stolen`,
      'endorsement seed of it, no. 2 | device at it, sealed',
    ]);
  });

  test('leaves a temporary copy of its seed at its maker if the maker copies the seed to another TPM', async () => {
    const all = await copies(`devices: { it: { attestation: tpm }, other: { attestation: tpm } }
timeline:
  - copy-tpm: { device: other, from: it, makersFault: true }`);
    expect(all).toEqual([
      'endorsement seed of it | device at it, sealed',
      'endorsement seed of other | device at other, sealed, dropped',
      'endorsement seed of it | tpm-maker at image of a TPM, dropped, needless',
      'endorsement seed of it | device at other, sealed, needless',
    ]);
  });
});

test.skipIf(hsmMissing)('an HSM at a station seals the key of its CA, and an attacker cannot copy it', async () => {
  const all = await copies(`pki: { root: { keyStore: hsm }, ca: { issuer: root, keyStore: hsm } }
stations: { room: { place: secure-room, holds: { cas: [ca] } } }
devices: { it: { attestation: symmetricKey } }
timeline:
  - steal-key: { ca: ca, as: disk }`);
  expect(all).toEqual([
    'key of CA root | manufacturer at CA root, sealed',
    'key of CA ca | manufacturer at room, sealed',
  ]);
});

test.skipIf(tpmKeysMissing)('X.509 keys in a TPM are lost when the TPM is cleared or replaced', async () => {
  const all = await copies(`devices: { it: { attestation: x509, keyStore: tpm, count: 3 } }
timeline:
  - issue-certificate: it
  - clear-tpm: it-1
  - replace-tpm: it-2
  - replace-board: it-3
  - flash-config: it`);
  expect(about(all, 'private')).toEqual([
    'private key of it-1 | device at it-1, sealed, dropped',
    'private key of it-2 | device at it-2, sealed, dropped',
    'private key of it-3 | device at it-3, sealed, dropped',
  ]);
  expect(about(all, 'endorsement')).toEqual([
    'endorsement seed of it-1 | device at it-1, sealed',
    'endorsement seed of it-2 | device at it-2, sealed, dropped',
    'endorsement seed of it-3 | device at it-3, sealed, dropped',
    'endorsement seed of it-2, no. 2 | device at it-2, sealed',
    'endorsement seed of it-3, no. 2 | device at it-3, sealed',
  ]);
});
