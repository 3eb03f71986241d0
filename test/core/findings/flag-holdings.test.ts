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
    'a symmetric key is the device’s and DPS’s',
    [
      held('symmetric-key', 'cloud-operator', 'DPS'),
      held('symmetric-key', 'contract-manufacturer', 'flash'),
      held('symmetric-key', 'device', 'valve-1', sealed),
    ],
    [undefined, 'needless', undefined],
  ],
  [
    'a key of one device in another one is too many, sealed or not',
    [
      held('private-key', 'device', 'valve-1'),
      held('private-key', 'device', 'valve-2'),
      held('private-key', 'device', 'valve-3', sealed),
    ],
    [undefined, 'needless', 'needless'],
  ],
  [
    'a group key is the operator’s',
    [
      held('group-key', 'cloud-operator', 'DPS'),
      held('group-key', 'contract-manufacturer', 'flash'),
      held('group-key', 'device', 'valve-1'),
    ],
    [undefined, 'needless', 'needless'],
  ],
  [
    'a shared key stays with its maker and DPS',
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
    'one in a module at the station is not',
    [held('ca-key', 'manufacturer', 'CA x', sealed), held('ca-key', 'contract-manufacturer', 'room', sealed)],
    [undefined, undefined],
  ],
  [
    'a seed is the chip’s',
    [held('tpm-seed', 'device', 'valve-1', sealed), held('tpm-seed', 'tpm-maker', 'image of a TPM')],
    [undefined, 'needless'],
  ],
  [
    'a hub key is the device’s and the hub’s',
    [held('hub-key', 'cloud-operator', 'hub-eu'), held('hub-key', 'device', 'valve-1')],
    [undefined, undefined],
  ],
  [
    'the key of a policy is the operator’s',
    [held('access-key', 'cloud-operator', 'DPS'), held('access-key', 'tpm-maker', 'TPM maker')],
    [undefined, 'needless'],
  ],
  [
    'what an attacker has is stolen, whatever it is and wherever',
    [held('private-key', 'attacker', 'loot'), held('hub-key', 'attacker', 'chip', sealed)],
    ['stolen', 'stolen'],
  ],
])('`flagHoldings` applies this rule: %s', (_rule, holdings, expected) => {
  expect(flags(holdings)).toEqual(expected);
});
