import { describe, expect, test } from 'vitest';
import { loadScenarios } from '../../../sim/scenario/load.ts';
import { steps as everyStep } from '../../../sim/steps/index.ts';
import { playText } from '../play.ts';
import { hsmMissing } from '../key-stores/parts-present.ts';
import { swtpmMissing } from '../swtpm-present.ts';

const otherTenant = 'strangers: { rival: { idScope: 0neBADBAD00, hub: hub-rival } }';

/** Returns a scenario with the given steps. It defines everything that a step can name, such as a CA, a key, a group and a station. */
const scenario = (steps: readonly string[], devices = ''): string => `
title: A timeline that asks for something impossible
pki:
  root: {}
  ca: { issuer: root }
  vendor: { issuer: root, kind: third-party }
keys: [common]
cloud:
  enrollmentGroups:
    lamps: { x509: { ca: ca } }
    keyed: { symmetricKey: true }
  ${otherTenant}
stations: { bench: {}, floor: { online: false } }
devices:
  plain: { attestation: symmetricKey }
  web: { attestation: symmetricKey, transport: https }
  radio: { attestation: symmetricKey, transport: amqp }
  lamp: { attestation: x509 }
  vault: { attestation: x509, keyStore: tee }
  fleet: { attestation: x509, count: 2 }
${devices}
timeline:
${steps.map((step) => `  - ${step}`).join('\n')}
  - power-on: plain
    expect: { refused: true }
`;

/** Returns the message of the step that ended the run, without its position. */
async function problemOf(text: string): Promise<string> {
  const [run] = await playText(text);
  expect(run?.verdict.kind).toBe('fail');
  return (run?.verdict.reason ?? '').replace(/^test\.yaml:\d+:\d+ [\w-]+: /, '');
}

/** The last part of each message must be an imperative that says what to do. */
const remedy = /; (?:add|change|deliver|give|keep|let|move|name|observe|put|remove|steal|take|use) [^;]+$/;

const noEnrollmentNamed = 'neither `device` nor `group` is given; add the one whose enrollment changes';
const deleted = 'an earlier step deleted the enrollment group "keyed"; move this step before it or name another group';
const deleteKeyed = 'delete-enrollment: { group: keyed }';
const needsX509 = 'plain attests by symmetricKey, but a certificate needs `attestation: x509`; name another device';
const order = 'order-batch: { device: lamp, from: vendor, as: store }';
const install = ['enroll: plain', 'install-key: plain'];
const steal = [...install, 'steal-key: { device: plain, as: key }'];
const policy = ['grant-access: tool', 'steal-key: { policy: tool, as: tool-key }'];
const runsCa =
  'the manufacturer runs the CA "ca", but a vendor is expected; give the CA `kind: third-party`, or use issue-certificate';

describe('a message of a step says what is wrong, what is expected and what to do', () => {
  test.each<[readonly string[], string]>([
    [['enable-enrollment: lamp'], 'lamp has no individual enrollment; put enroll before enable-enrollment'],
    [['change-hubs: { device: lamp, hubs: [] }'], 'lamp has no individual enrollment; put enroll before change-hubs'],
    [['delete-enrollment: lamp'], 'lamp has no individual enrollment; put enroll before delete-enrollment'],
    [[deleteKeyed, 'disable-enrollment: { group: keyed }'], deleted],
    [[deleteKeyed, deleteKeyed], deleted],
    [[deleteKeyed, 'roll-key: { group: keyed }'], deleted],
    [[deleteKeyed, 'replace-group: { group: keyed, by: lamps }'], deleted],
    [[deleteKeyed, 'replace-group: { group: lamps, by: keyed }'], deleted],
    [[deleteKeyed, 'set-group-ca: { group: keyed, ca: root }'], deleted],
    [
      ['roll-key: { group: lamps }'],
      'group "lamps" attests by certificates and has no key to roll; name a symmetric-key group',
    ],
    [['roll-key: plain'], 'plain has no individual enrollment with symmetric keys; put enroll before roll-key'],
    [['roll-key: { device: plain, at: hub }'], 'plain has no symmetric key at a hub; put power-on before roll-key'],
    [
      ['set-group-ca: { group: keyed, ca: root }'],
      'group "keyed" does not attest by the certificates of CAs; name a group whose x509 gives ca',
    ],
    [
      ['set-hub-identity: { device: plain, status: disabled }'],
      'plain has no identity at a hub yet; put power-on before set-hub-identity',
    ],
    [
      ['change-tls: azure-2025'],
      'the cloud has no TLS profile at the start; add `cloud: { tls: azure-2024 }` or another profile',
    ],
    [['delete-ca: root'], 'DPS has no certificate of the CA "root"; put upload-ca before delete-ca'],
    [['prove-possession: root'], 'DPS has no certificate of the CA "root"; put upload-ca before prove-possession'],
    [
      ['reconcile-audit: bench'],
      'station "bench" has written no audit trail; put produce with `audit: bench` before this step',
    ],
    [
      ['rewrite-audit: { station: bench, device: lamp }'],
      'station "bench" has written no audit trail; put produce with `audit: bench` before this step',
    ],
    [
      [
        'produce: { device: fleet, audit: bench, route: [{ at: bench }] }',
        'rewrite-audit: { station: bench, device: lamp }',
      ],
      'lamp has no identity to add to an audit trail; give it a credential before this step',
    ],
    [['revoke-access: tool'], 'no key of a policy "tool" was granted; put grant-access before revoke-access'],
    [
      ['maker-enrolls: { device: plain, policy: tool }'],
      'the TPM maker has no key of a policy "tool"; put grant-access before maker-enrolls',
    ],
    [['enroll: lamp'], 'lamp has no certificate yet; put issue-certificate before enroll'],
    [
      ['request-certificate: lamp', 'enroll: lamp'],
      'the certificate that lamp made was not extracted; put extract-certificate before enroll',
    ],
    [
      ['issue-certificate: lamp', 'enroll: { device: lamp, slot: secondary }'],
      'lamp has no primary certificate; put enroll without slot before this step',
    ],
    [['issue-certificate: plain'], needsX509],
    [['request-certificate: plain'], needsX509],
    [[order, 'install-from-batch: { device: plain, batch: store }'], needsX509],
    [
      [order, 'install-from-batch: { device: vault, batch: store }'],
      'vault keeps its keys in its tee, but a key that was made elsewhere needs `keyStore: file`; use issue-certificate or request-certificate, which make the key inside',
    ],
    [
      [`${order}\n    at: floor`, 'install-from-batch: { device: lamp, batch: store }'],
      'there is no store "store" yet; put order-batch before this step',
    ],
    [
      ['issue-certificate: { device: lamp, from: vendor }'],
      'a vendor runs the CA "vendor" and keeps its key, but the manufacturer needs the key to sign; use request-certificate or order-batch',
    ],
    [['request-certificate: { device: lamp, from: ca }'], runsCa],
    [['order-batch: { device: lamp, from: ca, as: store }'], runsCa],
    [['extract-certificate: lamp'], 'lamp has no certificate to read; put request-certificate before this step'],
    [
      ['install-key: lamp'],
      'lamp attests by x509, but a symmetric key needs `attestation: symmetricKey`; name another device',
    ],
    [['install-key: plain'], 'plain has no individual enrollment with symmetric keys; put enroll before install-key'],
    [
      ['install-key: { device: plain, from: group-key, group: lamps }'],
      'from: derived and from: group-key need a symmetric-key group, found "lamps"; add `group` with the ID of such a group',
    ],
    [
      ['flash-config: { device: web, tls: false }'],
      'web has transport: https, but `tls: false` needs `transport: mqtt`; change one of them',
    ],
    [
      ['flash-image: { device: lamp, from: fleet }'],
      '`from` names the fleet "fleet", but an image is read from one device; name a member such as fleet-1',
    ],
    [
      ['stay-connected: radio'],
      'radio has transport: amqp, but stay-connected needs mqtt or https; change the transport',
    ],
    [['power-cut: plain'], 'neither `at` nor `afterTpmCommands` is given; give exactly one of them'],
    [
      [...install, 'update-over-the-air: { device: plain, certificate: { from: ca } }'],
      'plain attests by symmetricKey, but a certificate update needs `attestation: x509`; remove certificate or change the attestation',
    ],
    [
      [
        'issue-certificate: { device: lamp, from: ca }',
        'update-over-the-air: { device: lamp, certificate: { from: vendor } }',
      ],
      'a vendor runs the CA "vendor", but an update needs a CA of the manufacturer; give the device renewal: { from: vendor } instead',
    ],
    [
      ['board-test: { device: fleet, yield: 0 }', 'package: fleet'],
      'no unit of "fleet" is in the field: the line scrapped or rejected each unit, or built it beyond the order; name a single unit',
    ],
    [['compare-ek-list: plain'], 'no list of endorsement keys was delivered; put deliver-ek-list before this step'],
    [['enroll-from-list: plain'], 'no list of endorsement keys was delivered; put deliver-ek-list before this step'],
    [
      ['clear-tpm: plain'],
      'plain attests by symmetricKey and has no TPM; name a device with `attestation: tpm` or `keyStore: tpm`',
    ],
    [
      [...steal, 'drill: { device: plain, with: key, every: PT1S, for: P1D }'],
      'every PT1S for P1D makes more than 100 observations, which is the limit; give a longer `every` or a shorter `for`',
    ],
    [
      [...steal, 'forge-certificate: { device: lamp, with: key, as: fake }'],
      'the loot is symmetric-key, but a certificate with its key is expected; steal one from a device or a CA with `keyStore: file`',
    ],
    [
      [...steal, 'claim-endorsement-key: { device: plain, with: key }'],
      'loot "key" has the kind symmetric-key, but public keys of a TPM are expected; take them with steal-key and `publicKeys: true`',
    ],
    [
      [...steal, 'create-at-hub: { device: lamp, hub: hub-eu, with: key, as: own }'],
      'loot "key" has the kind symmetric-key, but the key of a policy is expected; take one with steal-key and `hub`',
    ],
    [
      [...steal, 'enroll-by-policy: { device: lamp, with: key, as: own }'],
      'loot "key" has the kind symmetric-key, but the key of a policy is expected; take one with steal-key and `policy`',
    ],
    [
      [...policy, 'enroll-by-policy: { device: lamp, with: tool-key }'],
      'neither `as` nor `publicKeys` is given; give exactly one of them',
    ],
    [
      [...policy, 'enroll-by-policy: { device: lamp, with: tool-key, as: own, publicKeys: tool-key }'],
      'both `as` and `publicKeys` are given; give exactly one of them',
    ],
    [
      [...policy, 'enroll-by-policy: { device: lamp, with: tool-key, publicKeys: tool-key }'],
      'loot "tool-key" has the kind policy-key, but public keys of a TPM are expected; take them with steal-key and `publicKeys: true`',
    ],
    [
      [...policy, 'enroll-elsewhere: { device: plain, service: rival, with: tool-key }'],
      'the loot has the kind policy-key, but public keys, certificates or a symmetric key are expected; take them with steal-key',
    ],
    [
      [...steal, 'replay-token: { device: plain, with: key }'],
      'loot "key" has the kind symmetric-key, but a token is expected; take one with steal-key and `token: true`',
    ],
    [
      [
        'issue-certificate: lamp',
        'steal-key: { device: lamp, as: copy }',
        'send-request: { to: devices, path: /x, with: copy }',
      ],
      'loot "copy" has the kind certificate, but a token needs a symmetric key or the key of a policy; name other loot',
    ],
    [
      [...steal, 'send-request: { to: devices, path: /x, certificate: key }'],
      'loot "key" has the kind symmetric-key, but a certificate is expected; name other loot',
    ],
    [
      [...steal, 'send-request: { to: devices, path: /x, ifMatch: key }'],
      'loot "key" has the kind symmetric-key, but an ETag is expected; keep one with send-request and `as`',
    ],
    [
      ['ask-vendor: { ca: ca, name: lamp }'],
      'the manufacturer runs the CA "ca", but ask-vendor needs the CA of a vendor; name a CA with `kind: third-party`',
    ],
    [
      [...steal, 'ask-vendor: { ca: vendor, name: lamp, with: key }'],
      'loot "key" has the kind symmetric-key, but a certificate of a device is expected; name other loot',
    ],
  ])('for the steps %j', async (steps, sentence) => {
    expect(await problemOf(scenario(steps))).toBe(sentence);
    expect(sentence).toMatch(remedy);
  });
});

describe('check reports arguments that do not fit together, and says what to do', () => {
  test.each<[readonly string[], string]>([
    [['change-hubs: { hubs: [hub-eu] }'], noEnrollmentNamed],
    [['delete-enrollment: {}'], noEnrollmentNamed],
    [['disable-enrollment: {}'], noEnrollmentNamed],
    [
      ['replace-group: { group: keyed, by: keyed }'],
      '`group` and `by` both name "keyed", but a group cannot replace itself; name another group under `by`',
    ],
    [['roll-key: {}'], 'neither `device` nor `group` is given; give exactly one of them'],
    [['roll-key: { device: plain, group: keyed }'], 'both `device` and `group` are given; give exactly one of them'],
    [
      ['roll-key: { group: keyed, at: hub }'],
      '`at: hub` is used with `group`, but a group has no identity at a hub; name a device instead',
    ],
    [['reconcile-audit: {}'], 'no station is given; add the station that writes the audit trail'],
    [
      ['install-key: { device: plain, from: shared }'],
      '`from: shared` is used without `sharedKey`; add `sharedKey` with the name of a key under `keys:`',
    ],
    [
      ['install-key: { device: plain, from: derived }'],
      'from: derived and from: group-key need a symmetric-key group, found no group; add `group` with the ID of such a group',
    ],
    [
      ['power-cut: { device: plain, at: after-challenge, afterTpmCommands: 1 }'],
      'both `at` and `afterTpmCommands` are given; give exactly one of them',
    ],
    [
      ['steal-key: { as: loot }'],
      'no source of a key is given; give exactly one of `device`, `group`, `ca`, `station`, `policy` and `hub`',
    ],
    [
      ['steal-key: { device: plain, group: keyed, as: loot }'],
      '`device` and `group` are given; give exactly one of `device`, `group`, `ca`, `station`, `policy` and `hub`',
    ],
    [
      ['steal-key: { group: keyed, publicKeys: true, as: loot }'],
      '`publicKeys` is used without `device`; add the device whose public keys the attacker reads',
    ],
    [
      ['steal-key: { group: keyed, token: true, as: loot }'],
      '`token` is used without `device` and `policy`; add the device or the policy whose token the attacker records',
    ],
    [
      ['install-key: { device: plain, group: keyed }'],
      '`group` is given, but `from` is not, so the key of the enrollment would be installed; add `from: derived`, or remove `group`',
    ],
    [
      ['install-key: { device: plain, sharedKey: common }'],
      '`sharedKey` is given, but `from` is not, so the key of the enrollment would be installed; add `from: shared`, or remove `sharedKey`',
    ],
    [['set-webhook: hub-eu'], 'the cloud has no webhook to change; add one under `cloud: webhook:`'],
    [
      ['enroll: { device: plain, allocation: custom }'],
      'custom allocation needs a webhook; add one under `cloud: webhook:`',
    ],
    [
      ['maker-enrolls: plain'],
      'neither `policy` nor `application` is given; give exactly one of `policy` and `application`',
    ],
  ])('for the steps %j', (steps, sentence) => {
    const loaded = loadScenarios('test.yaml', scenario(steps), { steps: everyStep, topics: [] });
    expect(loaded.ok ? [] : loaded.mistakes.map(({ message }) => message)).toEqual([sentence]);
    expect(sentence).toMatch(remedy);
  });
});

describe.skipIf(swtpmMissing)(
  'a message of a step about a TPM says what is wrong, what is expected and what to do',
  () => {
    test.each<[readonly string[], string]>([
      [['enroll: chip'], 'the endorsement key of chip was not extracted; put extract-ek before enroll'],
      [
        ['enroll: { device: chip, endorsementKeyOf: plain }'],
        'plain has no TPM, but a TPM enrollment needs its endorsement key; name a device with a TPM under endorsementKeyOf',
      ],
      [
        ['copy-tpm: { device: chip, from: chip }'],
        '`device` and `from` both mean chip, but a TPM cannot be a copy of itself; name another device under `from`',
      ],
      [
        ['deliver-ek-list: { device: chip, fault: swapped }'],
        'the delivery has 1 TPM, but fault: swapped needs 2; deliver a fleet or use another fault',
      ],
      [
        ['deliver-ek-list: { device: chip, at: plain }'],
        'the TPM of plain is not in the delivery of chip; name one of its devices under `at`',
      ],
    ])('for the steps %j', async (steps, sentence) => {
      expect(await problemOf(scenario(steps, '  chip: { attestation: tpm }'))).toBe(sentence);
      expect(sentence).toMatch(remedy);
    });
  },
);

describe.skipIf(hsmMissing)(
  'a message of a step about an HSM says what is wrong, what is expected and what to do',
  () => {
    test.each<[readonly string[], string]>([
      [
        ['enroll: safe', 'install-key: safe', 'flash-image: { device: plain, from: safe, carries: [symmetric-key] }'],
        'the symmetric key of safe is in its hsm and in no image; remove symmetric-key from `carries`',
      ],
      [
        [
          'issue-certificate: lamp',
          'issue-certificate: token',
          'flash-image: { device: lamp, from: token, carries: [certificate] }',
        ],
        'the key of token or lamp cannot leave its key store, so no image contains it; remove certificate and private-key from `carries`',
      ],
    ])('for the steps %j', async (steps, sentence) => {
      const devices = [
        'safe: { attestation: symmetricKey, keyStore: hsm }',
        'token: { attestation: x509, keyStore: hsm }',
      ];
      expect(await problemOf(scenario(steps, devices.map((device) => `  ${device}`).join('\n')))).toBe(sentence);
      expect(sentence).toMatch(remedy);
    });
  },
);
