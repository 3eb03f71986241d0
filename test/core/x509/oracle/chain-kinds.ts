import {
  writeBoolean,
  writeCount,
  writeDer,
  writeInteger,
  writeNamedBits,
  writeOid,
  writeSequence,
} from '../der-write.ts';
import { contextTag } from '../../../../core/x509/der/der.ts';
import { mintCertificate, type Minted } from '../../../../core/x509/mint/mint.ts';
import type { KeyPair } from '../../../../core/x509/mint/key-pair.ts';
import { extensionOids } from '../../../../core/x509/der/oids.ts';
import type { ChainRule } from '../../../../core/x509/verify.ts';
import type { Random } from '../../../../core/random.ts';
import { below, day, pick, show, type ChainPlan, type Draft, type Shown } from './chain-plan.ts';

/** A way to build a chain that is valid, or that violates one rule. */
export interface ChainKind {
  /** The expected verdict: the rule that the chain violates, or `good`. */
  readonly verdict: ChainRule | 'good';
  /** Minimum number of CAs between leaf and root. */
  readonly least?: number;
  readonly shape: (plan: ChainPlan, random: Random, pool: readonly KeyPair[]) => unknown;
}

const good = (shape: ChainKind['shape'], least = 0): ChainKind => ({ verdict: 'good', shape, least });
const broken = (verdict: ChainRule, shape: ChainKind['shape'], least = 0): ChainKind => ({ verdict, shape, least });

export const chainKinds: Readonly<Record<string, ChainKind>> = {
  plain: good(() => {}),
  'trusted at an intermediate': good((plan, random) => void (plan.anchor = someCa(plan, random, 1, -1)), 1),
  'the leaf itself trusted': good((plan) => void (plan.anchor = 0)),
  'a CA used as leaf': good((plan) =>
    Object.assign(leafOf(plan), { ca: {}, keyUsage: ['digitalSignature', 'keyCertSign'] }),
  ),
  'path lengths used up': good((plan) => {
    for (const [index, order] of plan.orders.entries()) if (index > 0) order.ca = { pathLength: index - 1 };
  }),
  'a self-issued CA that does not count': good((plan) => {
    caAt(plan, 1).subject = caAt(plan, 2).subject;
    caAt(plan, 2).ca = { pathLength: 0 };
  }, 1),
  'CAs for the purpose': good((plan, random) => {
    if (plan.purpose !== 'any') caAt(plan, someCa(plan, random)).extendedKeyUsage = ['codeSigning', plan.purpose];
  }),
  'names inside what is permitted': good((plan, random) => {
    namedLeaf(plan);
    const permitted = [
      { dns: pick(random, ['example.com', 'device.example.com', '.example.com', 'EXAMPLE.com', '']) },
      { ip: pick(random, ['10.0.0.0/8', '10.1.2.3/32', '0.0.0.0/0']) },
      { email: pick(random, ['example.org', 'support@example.org', '.org']) },
      { uri: pick(random, ['iot.example.net', '.example.net', 'IOT.example.net']) },
      { directory: pick(random, [{ organization: 'Contoso' }, { organization: ' contoso ' }, {}]) },
    ];
    caAt(plan, someCa(plan, random)).nameConstraints = { permitted };
  }),
  'names outside of what is excluded': good((plan, random) => {
    namedLeaf(plan);
    const excluded = [
      { dns: pick(random, ['example.org', 'vice.example.com', 'x.device.example.com', '.device.example.com']) },
      { ip: '192.168.0.0/16' },
      { email: pick(random, ['other@example.org', 'ample.org', '.example.org']) },
      { uri: pick(random, ['example.net', '.iot.example.net', 'ot.example.net']) },
      { directory: { organization: 'Fabrikam' } },
    ];
    caAt(plan, someCa(plan, random)).nameConstraints = { excluded };
  }),
  'a constraint on a form that is not there': good((plan) => {
    Object.assign(leafOf(plan), { dnsNames: [] });
    caAt(plan, 1).extraExtensions = [
      { oid: extensionOids.nameConstraints, critical: true, value: registeredIdConstraint },
    ];
  }),
  'the first instant': good((plan) => void (plan.at = Math.max(...plan.orders.map(({ notBefore }) => notBefore)))),
  'the last instant': good((plan) => void (plan.at = Math.min(...plan.orders.map(({ notAfter }) => notAfter)))),
  'an unknown extension': good((plan, random) => {
    anyOrder(plan, random).extraExtensions = [{ oid: '1.2.3.4.5', value: Buffer.from('anything') }];
  }),
  'unrelated certificates beside it': good(async (plan, random, pool) => {
    for (let count = 1 + below(random, 3); count > 0; count--) plan.extra.push(await unrelated(plan, random, pool));
  }),
  'another CA of the same name beside it': good(async (plan, random, pool) => {
    plan.extra.push(await sameName(plan, random, pool));
  }, 1),
  'another CA of the same name, and no key identifiers': good(async (plan, random, pool) => {
    leafOf(plan).without = ['authorityKeyIdentifier'];
    plan.extra.push(await sameName(plan, random, pool));
  }, 1),
  'a CA that another root signed too': good((plan, random, pool) => {
    plan.forge = async (chain) => {
      const order = caAt(plan, 1);
      const root = await unrelated(plan, random, pool);
      plan.extra.push(await mintCertificate({ ...order, serialNumber: random.bytes(16), issuer: root }));
      return chain;
    };
  }, 1),
  'no key identifiers': good((plan) => {
    for (const order of plan.orders) order.without = ['subjectKeyIdentifier', 'authorityKeyIdentifier'];
  }),
  'no key usage': good((plan) => {
    for (const order of plan.orders) order.keyUsage = [];
  }),
  'an explicit policy that all carry': good((plan, random) => {
    demandPolicy(plan, random);
    for (const order of plan.orders)
      addExtension(order, extensionOids.certificatePolicies, policies(pick(random, [['1.2.3'], ['1.2.3', '1.2.4']])));
  }, 1),
  'an old Netscape type that fits': good((plan) =>
    addExtension(leafOf(plan), extensionOids.netscapeCertType, writeNamedBits([0, 1])),
  ),
  'a proper chain, strictly judged': good((plan) => void (plan.strict = true)),

  'a leaf that expired': broken('valid-now', (plan, random) => {
    leafOf(plan).notAfter = plan.at - pick(random, [1000, day, 400 * day]);
    leafOf(plan).notBefore = plan.at - 500 * day;
  }),
  'a CA that expired': broken('valid-now', (plan, random) => {
    const ca = caAt(plan, someCa(plan, random));
    Object.assign(ca, { notBefore: plan.at - 500 * day, notAfter: plan.at - pick(random, [1000, day, 400 * day]) });
  }),
  'a leaf that is not yet valid': broken('valid-now', (plan, random) => {
    Object.assign(leafOf(plan), { notBefore: plan.at + pick(random, [1000, day]), notAfter: plan.at + 500 * day });
  }),
  'a CA that is not yet valid': broken('valid-now', (plan, random) => {
    const ca = caAt(plan, someCa(plan, random));
    Object.assign(ca, { notBefore: plan.at + pick(random, [1000, day]), notAfter: plan.at + 500 * day });
  }),
  'a signature with one bit turned': broken('signatures-match', (plan, random) => {
    plan.forge = (chain) => tampered(chain, below(random, chain.length - 1), (der) => der.length - 3);
  }),
  'a certificate with one bit turned': broken('signatures-match', (plan, random) => {
    plan.forge = (chain) =>
      tampered(
        chain,
        below(random, chain.length - 1),
        (der, { certificate }) => der.indexOf(certificate.serialNumber, 0, 'hex') + 4,
      );
  }),
  'a missing CA': broken('chain-complete', (plan, random) => void plan.withheld.add(someCa(plan, random, 1, -1)), 1),
  'an untrusted root': broken('chain-trusted', async (plan, random, pool) => {
    plan.trusted = [await unrelated(plan, random, pool)];
    sendRoot(plan);
  }),
  'an untrusted root with a trusted name': broken('chain-trusted', async (plan, _random, pool) => {
    const root = caAt(plan, plan.orders.length - 1);
    plan.trusted = [await mintCertificate({ ...root, keys: freeKeys(plan, pool) })];
    sendRoot(plan);
  }),
  'an untrusted self-signed leaf': broken('chain-trusted', async (plan, random, pool) => {
    plan.trusted = [await unrelated(plan, random, pool)];
    plan.orders.splice(1);
    plan.anchor = 0;
  }),
  'trust in something else, root not sent': broken('chain-complete', async (plan, random, pool) => {
    plan.trusted = [await unrelated(plan, random, pool)];
    plan.withheld.add(plan.orders.length - 1);
  }),
  'an authority key identifier that points elsewhere': broken('chain-complete', (plan) => {
    const pointer = writeSequence(writeDer(contextTag(0, 'primitive'), Buffer.alloc(20, 7)));
    addExtension(leafOf(plan), extensionOids.authorityKeyIdentifier, pointer);
  }),
  'an issuer that is no CA': broken('basic-constraints', (plan, random) => {
    const ca = caAt(plan, someCa(plan, random));
    delete ca.ca;
    Object.assign(ca, { keyUsage: ['keyCertSign', 'digitalSignature'], extendedKeyUsage: [] });
  }),
  'an intermediate without basicConstraints': broken(
    'basic-constraints',
    (plan, random) => {
      caAt(plan, someCa(plan, random, 1, -1)).without = ['basicConstraints'];
    },
    1,
  ),
  'a trusted root without basicConstraints': good(
    (plan) => void (caAt(plan, plan.orders.length - 1).without = ['basicConstraints']),
  ),
  'a root with neither basicConstraints nor key usage': broken('basic-constraints', (plan) => {
    caAt(plan, plan.orders.length - 1).without = ['basicConstraints', 'keyUsage'];
  }),
  'a path longer than allowed': broken(
    'path-length',
    (plan, random) => {
      const index = someCa(plan, random, 2);
      caAt(plan, index).ca = { pathLength: below(random, index - 1) };
    },
    1,
  ),
  'nine CAs between leaf and root': good(() => {}, 9),
  'an issuer that may not sign certificates': broken('key-usage', (plan, random) => {
    caAt(plan, someCa(plan, random)).keyUsage = pick(random, [
      ['cRLSign'],
      ['digitalSignature', 'keyAgreement'],
    ] as const);
  }),
  'a leaf whose key usage leaves TLS out': broken('key-usage', (plan, random) => {
    withPurpose(plan, random);
    leafOf(plan).keyUsage =
      plan.purpose === 'clientAuth' ? ['keyEncipherment'] : ['nonRepudiation', 'dataEncipherment'];
  }),
  'a leaf for another purpose': broken('extended-key-usage', (plan, random) => {
    withPurpose(plan, random);
    leafOf(plan).extendedKeyUsage = pick(random, [
      ['codeSigning'],
      [plan.purpose === 'clientAuth' ? 'serverAuth' : 'clientAuth', 'emailProtection'],
    ]);
  }),
  'a leaf for any purpose and none by name': broken('extended-key-usage', (plan, random) => {
    withPurpose(plan, random);
    leafOf(plan).extendedKeyUsage = ['anyExtendedKeyUsage'];
  }),
  'a CA for another purpose': broken('extended-key-usage', (plan, random) => {
    withPurpose(plan, random);
    caAt(plan, someCa(plan, random)).extendedKeyUsage = [plan.purpose === 'clientAuth' ? 'serverAuth' : 'clientAuth'];
  }),
  'an old Netscape type for something else': broken('extended-key-usage', (plan, random) => {
    withPurpose(plan, random);
    addExtension(leafOf(plan), extensionOids.netscapeCertType, writeNamedBits([2]));
  }),
  'a name outside of what is permitted': broken('name-constraints', (plan, random) => {
    namedLeaf(plan);
    const permitted = pick(random, [
      { dns: 'ample.com' },
      { dns: '.device.example.com' },
      { dns: 'a.device.example.com' },
      { ip: '10.1.2.0/31' },
      { ip: 'fd00::/8' },
      { email: 'other@example.org' },
      { email: 'Support@example.org' },
      { email: '.example.org' },
      { uri: 'example.net' },
      { uri: '.iot.example.net' },
      { directory: { organization: 'Fabrikam' } },
      { directory: { country: 'DE', organization: 'Contoso' } },
    ]);
    caAt(plan, someCa(plan, random)).nameConstraints = { permitted: [permitted] };
  }),
  'a name inside what is excluded': broken('name-constraints', (plan, random) => {
    namedLeaf(plan);
    const excluded = pick(random, [
      { dns: 'example.com' },
      { dns: 'DEVICE.example.com' },
      { dns: '' },
      { ip: '10.1.0.0/16' },
      { email: 'example.org' },
      { email: 'support@EXAMPLE.org' },
      { uri: '.example.net' },
      { directory: { organization: 'CONTOSO' } },
    ]);
    caAt(plan, someCa(plan, random)).nameConstraints = { excluded: [excluded], permitted: [{ dns: 'example.com' }] };
  }),
  'a common name that is a forbidden host': broken('name-constraints', (plan) => {
    Object.assign(leafOf(plan), { subject: { commonName: 'device.example.org' }, dnsNames: [] });
    caAt(plan, 1).nameConstraints = { permitted: [{ dns: 'example.com' }] };
  }),
  'a URI without a host under a constraint on URIs': broken('name-constraints', (plan) => {
    Object.assign(leafOf(plan), { uris: ['urn:device:7'] });
    caAt(plan, 1).nameConstraints = { excluded: [{ uri: 'example.net' }] };
  }),
  'a constraint on a form that cannot be judged': broken('name-constraints', (plan) => {
    leafOf(plan).extraExtensions = [{ oid: extensionOids.subjectAltName, value: writeSequence(registeredId) }];
    caAt(plan, 1).extraExtensions = [
      { oid: extensionOids.nameConstraints, critical: true, value: registeredIdConstraint },
    ];
  }),
  'a constraint with a minimum': broken('name-constraints', (plan) => {
    namedLeaf(plan);
    const base = writeDer(contextTag(2, 'primitive'), Buffer.from('example.com'));
    const subtree = writeSequence(base, writeDer(contextTag(0, 'primitive'), Buffer.from([1])));
    const value = writeSequence(writeDer(contextTag(0, 'constructed'), subtree));
    caAt(plan, 1).extraExtensions = [{ oid: extensionOids.nameConstraints, critical: true, value }];
  }),
  'an unknown critical extension': broken('critical-extensions-known', (plan, random) => {
    addExtension(anyOrder(plan, random), '1.2.3.4.5', Buffer.from('anything'), true);
  }),
  'a critical key identifier': broken('critical-extensions-known', (plan, random) => {
    addExtension(anyOrder(plan, random), extensionOids.subjectKeyIdentifier, writeDer(0x04, Buffer.alloc(20, 3)), true);
    for (const order of plan.orders) order.without = ['authorityKeyIdentifier'];
  }),
  'a proxy certificate': broken('critical-extensions-known', (plan) => {
    const value = writeSequence(writeSequence(writeOid('1.3.6.1.5.5.7.21.1')));
    Object.assign(leafOf(plan), { dnsNames: [] });
    addExtension(leafOf(plan), extensionOids.proxyCertInfo, value, true);
  }),
  'an explicit policy that the leaf lacks': broken(
    'certificate-policies',
    (plan, random) => {
      demandPolicy(plan, random);
      for (const order of plan.orders.slice(1))
        addExtension(order, extensionOids.certificatePolicies, policies(['1.2.3']));
    },
    1,
  ),
  'a policy that changes on the way': broken(
    'certificate-policies',
    (plan, random) => {
      demandPolicy(plan, random);
      for (const [index, order] of plan.orders.entries()) {
        addExtension(order, extensionOids.certificatePolicies, policies([index === 0 ? '1.2.4' : '1.2.3']));
      }
    },
    1,
  ),
  'a DNS name beyond ASCII': broken('certificate-readable', (plan) => {
    leafOf(plan).dnsNames = ['öl.example.com'];
    plan.malformed = true;
  }),
  'an extension twice': broken('certificate-readable', (plan) => {
    const usage = { oid: extensionOids.keyUsage, critical: true, value: writeNamedBits([0]) };
    leafOf(plan).extraExtensions = [usage, usage];
    plan.malformed = true;
  }),
  ...malformed('basicConstraints', Buffer.from('not DER at all')),
  ...malformed('keyUsage', writeNamedBits([])),
  ...malformed('extendedKeyUsage', writeInteger(Buffer.from([1]))),
  ...malformed('subjectAltName', Buffer.from([0x30, 0x05, 0x82])),
  ...strictly(
    'a leaf without authority key identifier',
    (plan) => void (leafOf(plan).without = ['authorityKeyIdentifier']),
  ),
  ...strictly('a CA without subject key identifier', (plan) => void (caAt(plan, 1).without = ['subjectKeyIdentifier'])),
  ...strictly('a CA without key usage', (plan) => void (caAt(plan, 1).keyUsage = [])),
  ...strictly(
    'a leaf that could sign certificates',
    (plan) => void (leafOf(plan).keyUsage = ['digitalSignature', 'keyCertSign']),
  ),
  ...strictly('a CA whose basicConstraints are not critical', (plan) =>
    addExtension(caAt(plan, 1), extensionOids.basicConstraints, writeSequence(writeBoolean(true))),
  ),
  ...strictly('a leaf with a path length', (plan) =>
    addExtension(leafOf(plan), extensionOids.basicConstraints, writeSequence(writeCount(0)), true),
  ),
  ...strictly('a leaf with no names at all', (plan) => {
    Object.assign(leafOf(plan), { subject: {}, dnsNames: [] });
  }),
};

function leafOf(plan: ChainPlan): Draft {
  return caAt(plan, 0);
}

function caAt(plan: ChainPlan, index: number): Draft {
  const order = plan.orders[index];
  if (order === undefined) throw new Error(`the plan has no certificate ${index}`);
  return order;
}

/**
 * Returns the index of a random CA in a chain.
 * @param first lowest index.
 * @param last offset of the highest index from the root; -1 excludes the root.
 */
function someCa(plan: ChainPlan, random: Random, first = 1, last = 0): number {
  return first + below(random, plan.orders.length + last - first);
}

function anyOrder(plan: ChainPlan, random: Random): Draft {
  return pick(random, plan.orders);
}

function withPurpose(plan: ChainPlan, random: Random): void {
  plan.purpose = pick(random, ['clientAuth', 'serverAuth']);
  Object.assign(leafOf(plan), { extendedKeyUsage: [plan.purpose], keyUsage: ['digitalSignature'] });
}

function namedLeaf(plan: ChainPlan): void {
  Object.assign(leafOf(plan), {
    subject: { organization: 'Contoso', commonName: 'device 7' },
    dnsNames: ['device.example.com'],
    ipAddresses: ['10.1.2.3'],
    emailAddresses: ['support@example.org'],
    uris: ['https://iot.example.net:8443/path?query'],
  });
}

function addExtension(order: Draft, oid: string, value: Buffer, critical = false): void {
  order.extraExtensions = [...(order.extraExtensions ?? []), { oid, critical, value }];
}

const registeredId = writeDer(contextTag(8, 'primitive'), writeOid('1.2.3.4').subarray(2));
const registeredIdConstraint = writeSequence(writeDer(contextTag(0, 'constructed'), writeSequence(registeredId)));

function policies(oids: readonly string[]): Buffer {
  return writeSequence(...oids.map((oid) => writeSequence(writeOid(oid))));
}

/** Adds a certificate policy constraint to a CA. The chain below this CA then needs an explicit policy. */
function demandPolicy(plan: ChainPlan, random: Random): void {
  const value = writeSequence(writeDer(contextTag(0, 'primitive'), Buffer.from([0])));
  addExtension(caAt(plan, someCa(plan, random, 1, -1)), extensionOids.policyConstraints, value, true);
}

function freeKeys(plan: ChainPlan, pool: readonly KeyPair[]): KeyPair {
  const free = pool.find((keys) => !plan.orders.some((order) => order.keys === keys));
  if (free === undefined) throw new Error('the pool of keys is too small');
  return free;
}

async function unrelated(plan: ChainPlan, random: Random, pool: readonly KeyPair[]): Promise<Minted> {
  const { notBefore, notAfter } = leafOf(plan);
  const subject = { commonName: `unrelated ${random.uuid()}` };
  return mintCertificate({
    subject,
    keys: freeKeys(plan, pool),
    notBefore,
    notAfter,
    ca: {},
    serialNumber: random.bytes(16),
  });
}

async function sameName(plan: ChainPlan, random: Random, pool: readonly KeyPair[]): Promise<Minted> {
  return mintCertificate({ ...caAt(plan, 1), keys: freeKeys(plan, pool), serialNumber: random.bytes(16) });
}

function sendRoot(plan: ChainPlan): void {
  plan.forge = (chain) => {
    const root = chain.at(-1);
    if (root !== undefined && chain.length > 1) plan.extra.push(root);
    plan.withheld.add(chain.length - 1);
    return chain;
  };
}

function tampered(chain: readonly Minted[], index: number, where: (der: Buffer, minted: Minted) => number): Shown[] {
  return chain.map((minted, place) => {
    if (place !== index) return minted;
    const der = Buffer.from(minted.der);
    const offset = where(der, minted);
    der[offset] = (der[offset] ?? 0) ^ 1;
    return show(der);
  });
}

function malformed(
  name: 'basicConstraints' | 'keyUsage' | 'extendedKeyUsage' | 'subjectAltName',
  value: Buffer,
): Record<string, ChainKind> {
  return {
    [`a leaf with a malformed ${name}`]: broken('certificate-readable', (plan) => {
      leafOf(plan).extraExtensions = [{ oid: extensionOids[name], critical: true, value }];
      plan.malformed = true;
    }),
  };
}

function strictly(name: string, shape: ChainKind['shape']): Record<string, ChainKind> {
  const spoil: ChainKind['shape'] = async (plan, random, pool) => {
    await shape(plan, random, pool);
    plan.strict = true;
  };
  return { [`strictly: ${name}`]: broken('certificate-profile', spoil) };
}
