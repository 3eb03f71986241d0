import { done } from '../../core/result.ts';
import { tpm2b, TpmReader } from '../../core/tpm/bytes.ts';
import { p256PublicKeyInfo } from '../../core/tpm/p256-public-key-info.ts';
import {
  endorsementKeyTemplate,
  handles,
  signingKeyTemplate,
  storageRootKeyTemplate,
  symmetricKeyTemplate,
} from '../../core/tpm/templates.ts';
import {
  noPassword,
  permanent,
  runCommand,
  UnexpectedTpmFailure,
  type RunCommand,
  type TpmCommand,
  refusedByTpm,
  type TpmResult,
} from './command.ts';
import { activateCredential } from './commands/activate-credential.ts';
import { createPrimary } from './commands/create-primary.ts';
import { evictControl } from './commands/evict-control.ts';
import { flushContext } from './commands/flush-context.ts';
import { createKey } from './commands/create-key.ts';
import { hmac } from './commands/hmac.ts';
import { importIdentity } from './commands/import-identity.ts';
import { startPolicySession } from './commands/policy-session.ts';
import { primaryKey } from './commands/primary-key.ts';
import { signDigest } from './commands/sign-digest.ts';

/** A primary key that clients expect at a handle, and the template from which they make it. */
export interface PrimaryKeyName {
  readonly handle: 'endorsement' | 'storage-root';
  readonly template: 'sdk' | 'tcg-l1';
}

type MakePrimary = <T extends TpmResult<unknown>>(key: PrimaryKeyName, make: () => Promise<T>) => Promise<T>;

/**
 * The TPM operations that a DPS client needs for TPM attestation. All secrets stay inside the TPM; this class only transports structures.
 * After a call, no object stays loaded in the TPM, even if the call fails.
 */
export class Tpm {
  readonly #run: RunCommand;
  readonly #ekTemplate: 'sdk' | 'tcg-l1';
  readonly #makePrimary: MakePrimary;

  /**
   * @param transmit sends one command to the TPM and returns the response.
   * @param options.makePrimary calls `make`, which reads a primary key at its handle or makes it there. `makePrimary` can prepare the TPM
   * before this call.
   */
  constructor(
    transmit: (command: Buffer) => Promise<Buffer>,
    options: { readonly ekTemplate?: 'sdk' | 'tcg-l1'; readonly makePrimary?: MakePrimary } = {},
  ) {
    this.#makePrimary = options.makePrimary ?? ((_key, make) => make());
    this.#run = (command) => runCommand(transmit, command);
    this.#ekTemplate = options.ekTemplate ?? 'sdk';
  }

  /**
   * Returns the TPM2B_PUBLIC of the endorsement key. If its handle has no key, creates the key and stores it there, as the SDKs do.
   * @param template template of the key. Default: the template of the client.
   * @throws UnexpectedTpmFailure if a hierarchy has a password, which the SDKs do not expect.
   */
  async endorsementKey(template = this.#ekTemplate): Promise<Buffer> {
    return publicAreaOf(await this.#endorsementKey(template));
  }

  /**
   * Returns the TPM2B_PUBLIC of the endorsement key that a template makes on this TPM, but does not store the key at its handle. Some
   * factory tools do the same.
   * @throws UnexpectedTpmFailure if the endorsement hierarchy has a password.
   */
  async passingEndorsementKey(template: 'sdk' | 'tcg-l1'): Promise<Buffer> {
    const made = await createPrimary(this.#run, permanent.endorsement, endorsementKeyTemplate(template));
    if (!made.ok) throw new UnexpectedTpmFailure(made.failure);
    await flushContext(this.#run, made.value.handle);
    return made.value.publicArea;
  }

  /**
   * Returns the TPM2B_PUBLIC of the storage root key. If its handle has no key, creates the key and stores it there.
   *
   * @throws UnexpectedTpmFailure if the owner hierarchy has a password.
   */
  async storageRootKey(): Promise<Buffer> {
    return publicAreaOf(await this.#storageRootKey());
  }

  /**
   * Takes ownership: creates a storage root key, below which the TPM can store other keys.
   * @param passwords passwords to set for the hierarchies afterwards. The SDKs expect hierarchies without passwords.
   */
  async takeOwnership(passwords: { readonly owner?: string; readonly lockout?: string } = {}): Promise<void> {
    await this.storageRootKey();
    for (const hierarchy of ['owner', 'lockout'] as const) {
      const password = passwords[hierarchy];
      if (password !== undefined) await this.setHierarchyPassword(hierarchy, password);
    }
  }

  /** Sets the password of a hierarchy that has none (TPM2_HierarchyChangeAuth, Part 3 24.8). At most 32 bytes. */
  async setHierarchyPassword(hierarchy: 'owner' | 'endorsement' | 'lockout', password: string): Promise<void> {
    const authorised = { handles: [permanent[hierarchy]], sessions: [noPassword] };
    await this.#must({ name: 'HierarchyChangeAuth', ...authorised, parameters: [tpm2b(Buffer.from(password))] });
  }

  /** Replaces the endorsement seed (TPM2_ChangeEPS, Part 3 24.5). The endorsement key changes; the storage root key stays. */
  async rollEndorsementSeed(): Promise<void> {
    await this.#must({ name: 'ChangeEPS', handles: [permanent.platform], sessions: [noPassword] });
  }

  /**
   * Clears the TPM, as firmware can at any time (TPM2_Clear, Part 3 24.6). The endorsement key stays. The storage root key changes; stored
   * keys and passwords are lost.
   */
  async clear(): Promise<void> {
    await this.#must({ name: 'Clear', handles: [permanent.platform], sessions: [noPassword] });
  }

  /** Clears the TPM with the lockout password, as an operating system does. */
  async clearAsOwner(lockoutPassword = ''): Promise<TpmResult<undefined>> {
    const sessions = [{ password: lockoutPassword }];
    const cleared = await this.#run({ name: 'Clear', handles: [permanent.lockout], sessions });
    return cleared.ok ? done : cleared;
  }

  /**
   * Opens sessions until the TPM accepts no more, like a program that crashes repeatedly. Without a resource manager, sessions stay open
   * until the power fails (Part 1 30.4). Returns the number of sessions.
   */
  async leaveSessionsOpen(): Promise<number> {
    let opened = 0;
    while ((await startPolicySession(this.#run)).ok) opened++;
    return opened;
  }

  /** Returns true if the TPM has an identity key: one that DPS sent and `activateIdentity` stored. */
  async hasIdentity(): Promise<boolean> {
    return (await this.#run({ name: 'ReadPublic', handles: [handles.identityKey] })).ok;
  }

  /**
   * Unwraps a key that DPS sent and stores it as the identity key. If this fails, the previous identity key stays.
   * @param blob six TPM2B structures: credential and its seed, duplicate and its seed, public area, data.
   */
  async activateIdentity(blob: Uint8Array): Promise<TpmResult<undefined>> {
    const reader = new TpmReader(blob);
    const [identityObject, secret, duplicate] = [reader.tpm2b(), reader.tpm2b(), reader.tpm2b()];
    const [outerSeed, publicArea] = [reader.tpm2b(), reader.tpm2b()];
    // Skips the last structure, as every SDK does. The TPM does not need it.
    reader.tpm2b();
    if (!reader.complete) return refusedByTpm('ActivateCredential', 0, 'the blob is not made of six TPM2B structures');
    for (const key of [await this.#endorsementKey(), await this.#storageRootKey()]) if (!key.ok) return key;
    const inner = await this.activateCredential(identityObject, secret);
    return inner.ok ? importIdentity(this.#run, { publicArea, duplicate, outerSeed, inner: inner.value }) : inner;
  }

  /**
   * Decrypts a credential: the contents of the first two structures of a blob. Endorsement key and storage root key must be at their
   * handles.
   */
  activateCredential(identityObject: Buffer, encryptedSecret: Buffer): ReturnType<typeof activateCredential> {
    return activateCredential(this.#run, identityObject, encryptedSecret);
  }

  /** Returns the HMAC-SHA256 of `data`. The TPM computes it with the identity key. */
  signWithIdentity(data: Buffer): Promise<TpmResult<Buffer>> {
    return hmac(this.#run, data);
  }

  /**
   * Makes a P-256 key pair for X.509 in the TPM and stores it at a handle.
   * @returns DER of its SubjectPublicKeyInfo.
   * @throws UnexpectedTpmFailure if the owner hierarchy has a password or the TPM is full.
   */
  async makeSigningKey(handle: number): Promise<Buffer> {
    await this.storageRootKey();
    const made = await createKey(this.#run, { handle, template: signingKeyTemplate() });
    return p256PublicKeyInfo(publicAreaOf(made));
  }

  /**
   * Signs a digest with the key at a handle. Returns r and s, 32 octets each.
   * @throws UnexpectedTpmFailure if the handle has no key.
   */
  async signDigest(sha256: Buffer, handle: number): Promise<Buffer> {
    const signed = await signDigest(this.#run, sha256, handle);
    if (!signed.ok) throw new UnexpectedTpmFailure(signed.failure);
    return signed.value;
  }

  /** Evicts the key at a persistent handle. Does nothing if the handle has no key, for example after a clear. */
  async forgetKey(handle: number): Promise<void> {
    await evictControl(this.#run, handle, handle);
  }

  /** Stores an HMAC key of at most 64 bytes, which another party made, as the identity key. */
  async keepIdentity(secret: Buffer): Promise<void> {
    await this.storageRootKey();
    publicAreaOf(await createKey(this.#run, { handle: handles.identityKey, template: symmetricKeyTemplate(), secret }));
  }

  #endorsementKey(kind = this.#ekTemplate): ReturnType<typeof primaryKey> {
    const template = endorsementKeyTemplate(kind);
    return this.#makePrimary({ handle: 'endorsement', template: kind }, () =>
      primaryKey(this.#run, { handle: handles.endorsementKey, hierarchy: permanent.endorsement, template }),
    );
  }

  #storageRootKey(): ReturnType<typeof primaryKey> {
    const template = storageRootKeyTemplate();
    return this.#makePrimary({ handle: 'storage-root', template: 'sdk' }, () =>
      primaryKey(this.#run, { handle: handles.storageRootKey, hierarchy: permanent.owner, template }),
    );
  }

  async #must(command: TpmCommand): Promise<void> {
    const response = await this.#run(command);
    if (!response.ok) throw new UnexpectedTpmFailure(response.failure);
  }
}

function publicAreaOf(key: Awaited<ReturnType<typeof primaryKey>>): Buffer {
  if (!key.ok) throw new UnexpectedTpmFailure(key.failure);
  return key.value;
}
