import { createPrivateKey } from 'node:crypto';
import { Random } from '../../core/random.ts';
import type { FidelitySettings } from '../../core/fidelity.ts';
import { globalEndpoint } from '../../core/dps-wire.ts';
import { keepCertificate, keptCertificate, type KeptCertificate } from '../../core/x509/kept.ts';
import { generateKeyPair, mintCertificate, type KeyPair, type Minted } from '../../core/x509/mint.ts';
import { parseInstant } from '../../core/clock.ts';

/** Certificate and key that every listener shows. */
export interface ServerIdentity {
  /** PEM of the leaf, then a cross-certificate if there is one. The root is not sent: a client has it, or trusts nothing. */
  readonly chainPem: string;
  /** PKCS #8. */
  readonly keyPem: string;
}

/** Kind of the keys of the whole server chain, root and leaf. */
export type ServerKey = FidelitySettings['serverKey'];

/** What is kept of the roots of a cloud, for the one that comes after it. Holds keys. */
export interface SavedRoots {
  readonly roots: readonly (readonly [name: string, root: KeptCertificate])[];
  readonly current: string;
  readonly identity: ServerIdentity;
}

/**
 * The roots that the servers of a cloud may stand under, and the identity under one of them. Everything is valid from 2000
 * to 2100, so that any timeline fits inside.
 */
export class ServerRoots {
  readonly #random: Random;
  readonly #serverKey: ServerKey;
  readonly #roots: ReadonlyMap<string, Minted>;
  #name: string;
  #current: Minted;
  #identity: ServerIdentity;

  private constructor(
    roots: ReadonlyMap<string, Minted>,
    [name, current]: readonly [string, Minted],
    identity: ServerIdentity,
    serverKey: ServerKey,
    random: Random,
  ) {
    this.#serverKey = serverKey;
    this.#roots = roots;
    this.#name = name;
    this.#current = current;
    this.#identity = identity;
    this.#random = random;
  }

  /** Restores the saved roots. Without saved roots, makes a root for each name, with the servers under the first. */
  static async open(
    saved: SavedRoots | undefined,
    names: readonly string[] | undefined,
    serverKey: ServerKey,
    random: Random,
  ): Promise<ServerRoots> {
    if (saved !== undefined) {
      const roots = new Map(saved.roots.map(([name, root]) => [name, keptCertificate(root)]));
      const current = roots.get(saved.current);
      if (current === undefined) throw new Error(`the snapshot has no server root ${saved.current}`);
      const identity = await identityOfKind(serverKey, saved.identity, current, random);
      return new ServerRoots(roots, [saved.current, current], identity, serverKey, random);
    }
    const [name = 'server-root', ...others] = names ?? [];
    const first = await fresh(name, serverKey);
    const roots = new Map([[name, first.root]]);
    for (const other of others) roots.set(other, (await fresh(other, serverKey)).root);
    return new ServerRoots(roots, [name, first.root], first.identity, serverKey, random);
  }

  save(): SavedRoots {
    const roots = [...this.#roots].map(([name, root]): [string, KeptCertificate] => [name, keepCertificate(root)]);
    return { roots, current: this.#name, identity: this.#identity };
  }

  /** What the servers show now. */
  get identity(): ServerIdentity {
    return this.#identity;
  }

  /** DER of the root that the servers stand under now. */
  get current(): Buffer {
    return this.#current.der;
  }

  /** DER by name, also of those that are not used yet. */
  certificates(): ReadonlyMap<string, Buffer> {
    return new Map([...this.#roots].map(([name, { der }]) => [name, der]));
  }

  /**
   * Goes over to another root. With `crossSigned`, the servers also show a certificate for it that the former root has
   * signed, by which who knows only the former one gets along. Undefined where no root has that name.
   */
  async replace(name: string, crossSigned: boolean): Promise<ServerIdentity | undefined> {
    const next = this.#roots.get(name);
    if (next === undefined) return undefined;
    const former = this.#current;
    const cross = crossSigned && former !== next ? await crossSign(name, next, former, this.#random) : undefined;
    this.#name = name;
    this.#current = next;
    this.#identity = await identityUnder(next, await generateKeyPair(this.#serverKey), cross, this.#random);
    return this.#identity;
  }
}

const span = {
  notBefore: parseInstant('2000-01-01T00:00:00Z') ?? 0,
  notAfter: parseInstant('2100-01-01T00:00:00Z') ?? 0,
};

function titleOf(name: string): string {
  return `Rehearsal Test Root ${name} (throw-away)`;
}

interface Fresh {
  readonly root: Minted;
  /** Of the servers, under it. */
  readonly identity: ServerIdentity;
}

const freshOnes = new Map<string, Promise<Fresh>>();

/**
 * A root and an identity whose keys are new in each process. The clouds of one process share them: RSA keys are slow to make,
 * and no client sees two of these clouds. The serial numbers depend on the name alone.
 */
function fresh(name: string, serverKey: ServerKey): Promise<Fresh> {
  const id = `${serverKey} ${name}`;
  const made = freshOnes.get(id) ?? makeFresh(name, serverKey, new Random(`server root ${name}`));
  freshOnes.set(id, made);
  return made;
}

async function makeFresh(name: string, serverKey: ServerKey, random: Random): Promise<Fresh> {
  const [rootKeys, leafKeys] = await Promise.all([generateKeyPair(serverKey), generateKeyPair(serverKey)]);
  const root = await mintRoot(name, rootKeys, random);
  return { root, identity: await identityUnder(root, leafKeys, undefined, random) };
}

async function mintRoot(name: string, keys: KeyPair, random: Random): Promise<Minted> {
  return mintCertificate({
    subject: { commonName: titleOf(name) },
    keys,
    ...span,
    ca: {},
    serialNumber: random.bytes(16),
  });
}

/** A certificate of `former` for the key of `next`. */
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
 * The saved identity, if its key is of the wanted kind. Otherwise a new one under the saved root: clients keep their trust,
 * and the switch holds for a state that an earlier release wrote.
 */
async function identityOfKind(
  serverKey: ServerKey,
  saved: ServerIdentity,
  root: Minted,
  random: Random,
): Promise<ServerIdentity> {
  const { asymmetricKeyType } = createPrivateKey(saved.keyPem);
  if (asymmetricKeyType === (serverKey === 'RSA-2048' ? 'rsa' : 'ec')) return saved;
  const renewed = await identityUnder(root, await generateKeyPair(serverKey), undefined, random);
  // A cross-certificate goes on being sent.
  const others = saved.chainPem.slice(saved.chainPem.indexOf(endOfPem) + endOfPem.length).trimStart();
  return { ...renewed, chainPem: renewed.chainPem + others };
}

const endOfPem = '-----END CERTIFICATE-----';

/** An identity for DPS and all hubs. */
async function identityUnder(
  root: Minted,
  keys: KeyPair,
  cross: Minted | undefined,
  random: Random,
): Promise<ServerIdentity> {
  const leaf = await mintCertificate({
    subject: { commonName: globalEndpoint },
    keys,
    issuer: { certificate: root.certificate, keys: root.keys },
    ...span,
    dnsNames: [globalEndpoint, '*.azure-devices-provisioning.net', '*.azure-devices.net', 'localhost'],
    // Public CAs set keyEncipherment in RSA certificates, and some clients ask for it although ECDHE only signs.
    ...(keys.kind === 'RSA-2048' ? { keyUsage: ['digitalSignature', 'keyEncipherment'] as const } : {}),
    extendedKeyUsage: ['serverAuth'],
    serialNumber: random.bytes(16),
  });
  return { chainPem: leaf.pem + (cross?.pem ?? ''), keyPem: leaf.privateKeyPem };
}
