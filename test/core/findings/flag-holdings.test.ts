import { expect, test } from 'vitest';
import { flagHoldings } from '../../../core/findings/flag-holdings.ts';
import type { Party } from '../../../core/history/events.ts';
import type { SecretHolding } from '../../../core/findings/secrets.ts';

const held = (
  sort: SecretHolding['sort'],
  party: Party,
  place: string,
  more: Partial<SecretHolding> = {},
): SecretHolding => ({ secret: `a ${sort}`, sort, party, place, from: '', to: null, ...more });

const sealed = { sealed: true } as const;

const flags = (holdings: readonly SecretHolding[]): readonly (string | undefined)[] =>
  flagHoldings(holdings).map(({ flag }) => flag);

test.each<[string, readonly SecretHolding[], readonly (string | undefined)[]]>([
  ['a device has its own key', [held('private-key', 'device', 'valve-1')], [undefined]],
  [
    'a private key is needless in any other place, even for a moment',
    [held('private-key', 'manufacturer', 'line', { to: '' }), held('private-key', 'device', 'valve-1')],
    ['needless', undefined],
  ],
  [
    'only the device and DPS need a symmetric key',
    [
      held('symmetric-key', 'cloud-operator', 'DPS'),
      held('symmetric-key', 'contract-manufacturer', 'flash'),
      held('symmetric-key', 'device', 'valve-1', sealed),
    ],
    [undefined, 'needless', undefined],
  ],
  [
    'a copy of a device key in another device is needless, even if it is sealed',
    [
      held('private-key', 'device', 'valve-1'),
      held('private-key', 'device', 'valve-2'),
      held('private-key', 'device', 'valve-3', sealed),
    ],
    [undefined, 'needless', 'needless'],
  ],
  [
    'only the cloud operator needs a group key',
    [
      held('group-key', 'cloud-operator', 'DPS'),
      held('group-key', 'contract-manufacturer', 'flash'),
      held('group-key', 'device', 'valve-1'),
    ],
    [undefined, 'needless', 'needless'],
  ],
  [
    'only its creator and DPS need a shared key',
    [
      held('shared-key', 'manufacturer', 'office'),
      held('shared-key', 'cloud-operator', 'DPS'),
      held('shared-key', 'manufacturer', 'line'),
      held('shared-key', 'device', 'valve-1'),
    ],
    [undefined, undefined, 'needless', 'needless'],
  ],
  [
    'the key of a CA that can be read at a station is needless there',
    [held('ca-key', 'manufacturer', 'CA x'), held('ca-key', 'manufacturer', 'room')],
    [undefined, 'needless'],
  ],
  [
    'the key of a CA in a sealed module at a station is not needless',
    [held('ca-key', 'manufacturer', 'CA x', sealed), held('ca-key', 'contract-manufacturer', 'room', sealed)],
    [undefined, undefined],
  ],
  [
    'only the TPM itself needs its seed',
    [held('tpm-seed', 'device', 'valve-1', sealed), held('tpm-seed', 'tpm-maker', 'image of a TPM')],
    [undefined, 'needless'],
  ],
  [
    'only the device and the hub need a hub key',
    [held('hub-key', 'cloud-operator', 'hub-eu'), held('hub-key', 'device', 'valve-1')],
    [undefined, undefined],
  ],
  [
    'only the cloud operator needs the key of an access policy',
    [held('access-key', 'cloud-operator', 'DPS'), held('access-key', 'tpm-maker', 'TPM maker')],
    [undefined, 'needless'],
  ],
  [
    'every copy that an attacker has is stolen',
    [held('private-key', 'attacker', 'loot'), held('hub-key', 'attacker', 'chip', sealed)],
    ['stolen', 'stolen'],
  ],
])('`flagHoldings` flags copies of a secret by the rule: %s', (_rule, holdings, expected) => {
  expect(flags(holdings)).toEqual(expected);
});
