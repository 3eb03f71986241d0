import { Random } from '../../core/random.ts';
import { globalEndpoint } from '../../core/dps-wire.ts';
import { keepCertificate, keptCertificate, type KeptCertificate } from '../../core/x509/kept.ts';
import { generateKeyPair, mintCertificate, type Minted } from '../../core/x509/mint.ts';
import { parseInstant } from '../../core/clock.ts';

/** Certificate and key that every listener shows. */
export interface ServerIdentity {
  /** PEM of the leaf, a cross-certificate where there is one, and the root, as TLS sends them. */
  readonly chainPem: string;
  readonly keyPem: string;
}

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
  readonly #roots: ReadonlyMap<string, Minted>;
  #name: string;
  #current: Minted;
  #identity: ServerIdentity;

  private constructor(
    roots: ReadonlyMap<string, Minted>,
    [name, current]: readonly [string, Minted],
    identity: ServerIdentity,
    random: Random,
  ) {
    this.#roots = roots;
    this.#name = name;
    this.#current = current;
    this.#identity = identity;
    this.#random = random;
  }

  /** Those that were kept, or a root for each name with the servers under the first. */
  static async open(
    saved: SavedRoots | undefined,
    names: readonly string[] | undefined,
    random: Random,
  ): Promise<ServerRoots> {
    if (saved !== undefined) {
      const roots = new Map(saved.roots.map(([name, root]) => [name, keptCertificate(root)]));
      const current = roots.get(saved.current);
      if (current === undefined) throw new Error(`the snapshot has no server root ${saved.current}`);
      return new ServerRoots(roots, [saved.current, current], saved.identity, random);
    }
    const [name = 'server-root', ...others] = names ?? [];
    const first = await fresh(name);
    const roots = new Map([[name, first.root]]);
    for (const other of others) roots.set(other, (await fresh(other)).root);
    return new ServerRoots(roots, [name, first.root], first.identity, random);
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
    this.#identity = await identityUnder(next, cross, this.#random);
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
 * A root with keys that are new in each process. The clouds of one process share it: they never meet, and making it anew
 * for each was a sixth of the time of a small scenario. Its numbers are the same whoever comes first.
 */
function fresh(name: string): Promise<Fresh> {
  const made = freshOnes.get(name) ?? makeFresh(name, new Random(`server root ${name}`));
  freshOnes.set(name, made);
  return made;
}

async function makeFresh(name: string, random: Random): Promise<Fresh> {
  const root = await mintRoot(name, random);
  return { root, identity: await identityUnder(root, undefined, random) };
}

async function mintRoot(name: string, random: Random): Promise<Minted> {
  return mintCertificate({
    subject: { commonName: titleOf(name) },
    keys: await generateKeyPair('P-256'),
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

/** A fresh identity for DPS and all hubs. */
async function identityUnder(root: Minted, cross: Minted | undefined, random: Random): Promise<ServerIdentity> {
  const leaf = await mintCertificate({
    subject: { commonName: globalEndpoint },
    keys: await generateKeyPair('P-256'),
    issuer: { certificate: root.certificate, keys: root.keys },
    ...span,
    dnsNames: [globalEndpoint, '*.azure-devices-provisioning.net', '*.azure-devices.net', 'localhost'],
    extendedKeyUsage: ['serverAuth'],
    serialNumber: random.bytes(16),
  });
  return { chainPem: leaf.pem + (cross?.pem ?? '') + root.pem, keyPem: leaf.privateKeyPem };
}
