import { createPrivateKey } from 'node:crypto';
import { isIP } from 'node:net';
import { serverCertificateSpan as span } from '../../../core/time/calendar.ts';
import { Random } from '../../../core/random.ts';
import type { FidelitySettings } from '../../../core/cloud/fidelity.ts';
import type { EntryChange, StorePart } from '../../../core/cloud/snapshot.ts';
import { globalEndpoint } from '../../../core/wire/dps-wire.ts';
import type { HostKind } from '../../../core/wire/tls/host-kind.ts';
import { parseCertificate } from '../../../core/x509/certificate.ts';
import { addressOctets, showGeneralName, type GeneralName } from '../../../core/x509/general-name.ts';
import {
  toStoredCertificate,
  fromStoredCertificate,
  type StoredCertificate,
} from '../../../core/x509/stored-certificate.ts';
import { mintCertificate, type Minted } from '../../../core/x509/mint/mint.ts';
import { generateKeyPair, type KeyPair } from '../../../core/x509/mint/key-pair.ts';
import { derOfPem } from '../../../core/x509/der/pem.ts';
import { rootKeyOf, type RootPlan } from '../../tls/root-plan.ts';

/** The certificate chain and the key that all listeners use. */
export interface ServerIdentity {
  /**
   * The leaf in PEM, then the cross-certificate if there is one. The servers do not send the root, because clients must
   * already have it.
   */
  readonly chainPem: string;
  /** PKCS #8. */
  readonly keyPem: string;
}

/** The kind of the keys of leaf and root. */
type ServerKey = FidelitySettings['serverKey'];

/** Settings of the server certificate: the kind of its key, and additional names. */
interface LeafSettings {
  readonly serverKey: ServerKey;
  /** DNS names and IP addresses in addition to the names of the services. */
  readonly names: readonly string[];
}

/** The saved roots of a cloud, from which it starts the next time. Contains private keys. */
export interface SavedRoots {
  readonly roots: readonly (readonly [name: string, root: StoredCertificate])[];
  readonly current: string;
  readonly identity: ServerIdentity;
}

/**
 * The roots that the servers of a cloud can use, and the server certificate that chains to the current root. All certificates
 * are valid from 2000 to 2100, so they are valid in every timeline.
 */
export class ServerRoots implements StorePart {
  readonly #random: Random;
  readonly #leaf: LeafSettings;
  readonly #roots: ReadonlyMap<string, Minted>;
  #name: string;
  #current: Minted;
  #identity: ServerIdentity;
  /** Certificates and keys of the kinds of hosts that use another root than the current one. */
  #byKind: ReadonlyMap<HostKind, ServerIdentity>;
  #onChange: ((key: string, change: EntryChange) => void) | undefined;

  private constructor(
    roots: ReadonlyMap<string, Minted>,
    [name, current]: readonly [string, Minted],
    identity: ServerIdentity,
    leaf: LeafSettings,
    random: Random,
    byKind: ReadonlyMap<HostKind, ServerIdentity>,
  ) {
    this.#byKind = byKind;
    this.#leaf = leaf;
    this.#roots = roots;
    this.#name = name;
    this.#current = current;
    this.#identity = identity;
    this.#random = random;
  }

  /**
   * Restores the saved roots. If no roots are saved, creates a root for each name of the plan; the server certificate
   * chains to the first root. Hosts with another root in the plan get their own certificates.
   */
  static async open(
    saved: SavedRoots | undefined,
    plan: RootPlan,
    leaf: LeafSettings,
    random: Random,
  ): Promise<ServerRoots> {
    if (saved !== undefined) {
      const roots = new Map(saved.roots.map(([name, root]) => [name, fromStoredCertificate(root)]));
      const current = roots.get(saved.current);
      if (current === undefined) throw new Error(`the snapshot has no server root ${saved.current}`);
      const identity = await fittingIdentity(leaf, saved.identity, current, random);
      const byKind = await identitiesByKind(plan, roots, leaf, random);
      return new ServerRoots(roots, [saved.current, current], identity, leaf, random, byKind);
    }
    const [name, ...others] = plan.names;
    const [identity, first, ...rest] = await Promise.all([
      freshIdentity(name, leaf),
      freshRoot(name, rootKeyOf(name, leaf.serverKey)),
      ...others.map((other) => freshRoot(other, rootKeyOf(other, leaf.serverKey))),
    ]);
    const roots = new Map([[name, first], ...rest.map((root, at) => [others[at] ?? '', root] as const)]);
    const byKind = await identitiesByKind(plan, roots, leaf, random);
    return new ServerRoots(roots, [name, first], identity, leaf, random, byKind);
  }

  save(): SavedRoots {
    const roots = [...this.#roots].map(([name, root]): [string, StoredCertificate] => [
      name,
      toStoredCertificate(root),
    ]);
    return { roots, current: this.#name, identity: this.#identity };
  }

  /** Reports changes of the only entry, which contains all roots. `open` restores this entry. */
  watch(onChange: (key: string, change: EntryChange) => void): void {
    this.#onChange = onChange;
  }

  saveEntry(): SavedRoots {
    return this.save();
  }

  loadEntry(): void {}

  /** The server certificate and key that are in use. */
  get identity(): ServerIdentity {
    return this.#identity;
  }

  /** Returns the server certificate and key of a kind of host. */
  identityOf(kind: HostKind | undefined): ServerIdentity {
    return (kind && this.#byKind.get(kind)) ?? this.#identity;
  }

  /** Name of the root to which the server certificate chains. */
  get currentName(): string {
    return this.#name;
  }

  /** The root to which the server certificate chains, in DER. */
  get current(): Buffer {
    return this.#current.der;
  }

  /** Returns all roots in DER, by name, including roots that are not in use. */
  certificates(): ReadonlyMap<string, Buffer> {
    return new Map([...this.#roots].map(([name, { der }]) => [name, der]));
  }

  /**
   * Issues a server certificate from another root. If `crossSigned` is true, the servers also send a certificate of the
   * new root that the former root signed. Clients that know only the former root need this certificate. Returns
   * undefined if no root has this name.
   */
  async replace(name: string, crossSigned: boolean): Promise<ServerIdentity | undefined> {
    const next = this.#roots.get(name);
    if (next === undefined) return undefined;
    const former = this.#current;
    const cross = crossSigned && former !== next ? await crossSign(name, next, former, this.#random) : undefined;
    return this.#use(name, next, cross, new Map());
  }

  /**
   * Gives all hosts the roots of another plan. Hosts that chain to the first root of the plan share a certificate. Hosts with another root
   * get their own certificates. Does nothing for a root that the cloud does not have.
   */
  async follow(plan: RootPlan): Promise<void> {
    const [name] = plan.names;
    const next = this.#roots.get(name);
    if (next === undefined) return;
    await this.#use(name, next, undefined, await identitiesByKind(plan, this.#roots, this.#leaf, this.#random));
  }

  async #use(
    name: string,
    next: Minted,
    cross: Minted | undefined,
    byKind: ReadonlyMap<HostKind, ServerIdentity>,
  ): Promise<ServerIdentity> {
    const keys = await leafKeys(name, this.#leaf.serverKey);
    const identity = await identityUnder(next, keys, cross, this.#leaf.names, this.#random);
    this.#byKind = byKind;
    this.#name = name;
    this.#current = next;
    this.#identity = identity;
    this.#onChange?.('', 'replaced');
    return identity;
  }
}

function titleOf(name: string): string {
  return `Rehearsal Test Root ${name} (throw-away)`;
}

/**
 * Keys and certificates that the process creates only once, by description. All clouds of the process share them,
 * because RSA keys are slow to create, and each client uses only one of these clouds. The serial numbers depend only on
 * the names.
 */
const madeOnce = new Map<string, Promise<unknown>>();

function once<T>(id: string, make: () => Promise<T>): Promise<T> {
  const made = (madeOnce.get(id) as Promise<T> | undefined) ?? make();
  madeOnce.set(id, made);
  return made;
}

/** Creates the root with this name. Its key is new in each process. */
function freshRoot(name: string, serverKey: ServerKey): Promise<Minted> {
  return once(`root ${serverKey} ${name}`, async () =>
    mintCertificate({
      subject: { commonName: titleOf(name) },
      keys: await generateKeyPair(serverKey),
      ...span,
      ca: {},
      serialNumber: new Random(`server root ${name}`).bytes(16),
    }),
  );
}

/** Creates the server key for the root with this name. The key is new in each process. */
function leafKeys(name: string, serverKey: ServerKey): Promise<KeyPair> {
  return once(`leaf key ${serverKey} ${name}`, () => generateKeyPair(serverKey));
}

/** Creates a server certificate that chains to the root with this name. */
function freshIdentity(name: string, { serverKey, names }: LeafSettings): Promise<ServerIdentity> {
  return once(`identity ${[serverKey, name, ...names].join(' ')}`, async () => {
    const [root, keys] = await Promise.all([freshRoot(name, rootKeyOf(name, serverKey)), leafKeys(name, serverKey)]);
    return identityUnder(root, keys, undefined, names, new Random(`servers under ${name}`));
  });
}

/** Creates the server certificates of the kinds of hosts that have another root than the first one. */
async function identitiesByKind(
  { hosts, names: [first] }: RootPlan,
  roots: ReadonlyMap<string, Minted>,
  { names }: LeafSettings,
  random: Random,
): Promise<Map<HostKind, ServerIdentity>> {
  const identities = new Map<HostKind, ServerIdentity>();
  for (const [kind, { root: name, serverKey }] of hosts) {
    const root = roots.get(name);
    if (root === undefined) continue;
    // All hosts share the server key of the first root, because RSA keys are slow to create.
    const keys = await leafKeys(first, serverKey);
    identities.set(kind, await identityUnder(root, keys, undefined, names, random.fork(kind)));
  }
  return identities;
}

/** Issues a certificate for the key of root `next`, signed by root `former`. */
function crossSign(name: string, next: Minted, former: Minted, random: Random): Promise<Minted> {
  return mintCertificate({
    subject: { commonName: titleOf(name) },
    keys: next.keys,
    issuer: { certificate: former.certificate, keys: former.keys },
    ...span,
    ca: {},
    serialNumber: random.bytes(16),
  });
}

/**
 * Returns the saved identity if its key and names match the settings. Otherwise issues a new certificate from the saved
 * root, so that clients still trust the server and the new settings apply.
 */
async function fittingIdentity(
  { serverKey, names }: LeafSettings,
  saved: ServerIdentity,
  root: Minted,
  random: Random,
): Promise<ServerIdentity> {
  const { asymmetricKeyType } = createPrivateKey(saved.keyPem);
  const isOfKind = asymmetricKeyType === (serverKey === 'RSA-2048' ? 'rsa' : 'ec');
  if (isOfKind && hasNames(saved, names)) return saved;
  const renewed = await identityUnder(root, await generateKeyPair(serverKey), undefined, names, random);
  // Keeps a saved cross-certificate, so that the servers still send it.
  const others = saved.chainPem.slice(saved.chainPem.indexOf(endOfPem) + endOfPem.length).trimStart();
  return { ...renewed, chainPem: renewed.chainPem + others };
}

/** Returns true if the leaf contains exactly these names and the names of the services. */
function hasNames({ chainPem }: ServerIdentity, names: readonly string[]): boolean {
  const der = derOfPem(chainPem);
  const read = der === undefined ? undefined : parseCertificate(der);
  const found = read?.ok === true ? (read.value.subjectAltName ?? []) : [];
  const present = found.map(showGeneralName).toSorted();
  const wanted = [...serviceNames, ...names].map((name) => showGeneralName(generalNameOf(name))).toSorted();
  return present.join('\n') === wanted.join('\n');
}

function generalNameOf(name: string): GeneralName {
  const octets = isIP(name) === 0 ? undefined : addressOctets(name);
  return octets === undefined ? { form: 'dns', text: name } : { form: 'ip', octets };
}

const endOfPem = '-----END CERTIFICATE-----';

/** Host names of the services: the real ones, and those for clients on this computer. */
const serviceNames = [
  globalEndpoint,
  '*.azure-devices-provisioning.net',
  '*.azure-devices.net',
  '*.device.azure-devices.net',
  '*.service.azure-devices.net',
  'login.microsoftonline.com',
  '*.servicebus.windows.net',
  'localhost',
];

/** Issues a server certificate for DPS and all hubs. */
async function identityUnder(
  root: Minted,
  keys: KeyPair,
  cross: Minted | undefined,
  names: readonly string[],
  random: Random,
): Promise<ServerIdentity> {
  const leaf = await mintCertificate({
    subject: { commonName: globalEndpoint },
    keys,
    issuer: { certificate: root.certificate, keys: root.keys },
    ...span,
    dnsNames: [...serviceNames, ...names.filter((name) => isIP(name) === 0)],
    ipAddresses: names.filter((name) => isIP(name) !== 0),
    // Public CAs set keyEncipherment in RSA certificates, and some clients require it although ECDHE only signs.
    ...(keys.kind === 'RSA-2048' ? { keyUsage: ['digitalSignature', 'keyEncipherment'] as const } : {}),
    extendedKeyUsage: ['serverAuth'],
    serialNumber: random.bytes(16),
  });
  return { chainPem: leaf.pem + (cross?.pem ?? ''), keyPem: leaf.privateKeyPem };
}
