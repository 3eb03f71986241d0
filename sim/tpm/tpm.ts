import { tpm2b, TpmReader, u16, u32 } from '../../core/tpm/bytes.ts';
import { algorithms, endorsementKeyTemplate, handles, storageRootKeyTemplate } from '../../core/tpm/templates.ts';
import {
  permanent,
  runCommand,
  UnexpectedTpmFailure,
  type TpmCommand,
  type TpmFailure,
  type TpmResponse,
} from './command.ts';

/** Yes, or which command the TPM refused and why. */
export type TpmOutcome = { readonly ok: true } | TpmFailure;

/**
 * The device's half of TPM attestation: what a DPS client does with its chip. Everything secret is done inside the TPM;
 * this side only carries structures.
 */
export class Tpm {
  readonly #transmit: (command: Buffer) => Promise<Buffer>;
  readonly #ekTemplate: 'sdk' | 'tcg-l1';

  /** @param transmit carries one command to the TPM and brings the response back. */
  constructor(
    transmit: (command: Buffer) => Promise<Buffer>,
    options: { readonly ekTemplate?: 'sdk' | 'tcg-l1' } = {},
  ) {
    this.#transmit = transmit;
    this.#ekTemplate = options.ekTemplate ?? 'sdk';
  }

  /** TPM2B_PUBLIC of the endorsement key; made and kept at its handle where there is none, as the SDKs do. */
  endorsementKey(): Promise<Buffer> {
    return this.#primary(handles.endorsementKey, permanent.endorsement, endorsementKeyTemplate(this.#ekTemplate));
  }

  /** TPM2B_PUBLIC of the storage root key; made and kept at its handle where there is none. */
  storageRootKey(): Promise<Buffer> {
    return this.#primary(handles.storageRootKey, permanent.owner, storageRootKeyTemplate());
  }

  /** Takes ownership: from here on the TPM can keep keys, under a storage root key of its owner. */
  async takeOwnership(): Promise<void> {
    await this.storageRootKey();
  }

  /** Sets the password of a hierarchy; the SDKs expect none. */
  async setHierarchyPassword(hierarchy: 'owner' | 'endorsement', password: string): Promise<void> {
    const parameters = [tpm2b(Buffer.from(password))];
    await this.#must({
      name: 'HierarchyChangeAuth',
      handles: [permanent[hierarchy]],
      sessions: [noPassword],
      parameters,
    });
  }

  /** Replaces the endorsement seed: another endorsement key, the same storage root key (TPM2_ChangeEPS, Part 3 24.5). */
  async rollEndorsementSeed(): Promise<void> {
    await this.#must({ name: 'ChangeEPS', handles: [permanent.platform], sessions: [noPassword] });
  }

  /** Forgets the owner: another storage root key, the same endorsement key, no stored keys (TPM2_Clear, Part 3 24.6). */
  async clear(): Promise<void> {
    await this.#must({ name: 'Clear', handles: [permanent.platform], sessions: [noPassword] });
  }

  /** Whether a key was activated and is still there. */
  async hasIdentity(): Promise<boolean> {
    return (await this.#run({ name: 'ReadPublic', handles: [handles.identityKey] })).ok;
  }

  /**
   * Unwraps the key that the service sent and keeps it in the place of the former one.
   *
   * @param blob six TPM2B structures.
   */
  async activateIdentity(blob: Uint8Array): Promise<TpmOutcome> {
    const reader = new TpmReader(blob);
    const [identityObject, secret, duplicate, outerSeed, publicArea] = [
      reader.tpm2b(),
      reader.tpm2b(),
      reader.tpm2b(),
      reader.tpm2b(),
      reader.tpm2b(),
    ];
    reader.tpm2b();
    if (!reader.complete) {
      return {
        ok: false,
        command: 'ActivateCredential',
        code: 0,
        sentence: 'the blob is not made of six TPM2B structures',
      };
    }
    await this.endorsementKey();
    await this.storageRootKey();
    const inner = await this.activateCredential(identityObject, secret);
    if (!inner.ok) return inner;
    const imported = await this.#run({
      name: 'Import',
      handles: [handles.storageRootKey],
      sessions: [noPassword],
      parameters: [
        tpm2b(inner.secret),
        tpm2b(publicArea),
        tpm2b(duplicate),
        tpm2b(outerSeed),
        u16(algorithms.aes),
        u16(128),
        u16(algorithms.cfb),
      ],
    });
    if (!imported.ok) return imported;
    const loaded = await this.#run({
      name: 'Load',
      handles: [handles.storageRootKey],
      sessions: [noPassword],
      parameters: [tpm2b(imported.parameters.tpm2b()), tpm2b(publicArea)],
      returnsHandle: true,
    });
    if (!loaded.ok) return loaded;
    // The former key goes first: the handle takes one. There may be none.
    await this.#evict(handles.identityKey);
    const kept = await this.#evict(loaded.handle);
    await this.#flush(loaded.handle);
    return kept.ok ? { ok: true } : kept;
  }

  /** Opens a credential that was made for this endorsement key beside this storage root key (Part 3 12.5). */
  async activateCredential(
    identityObject: Buffer,
    encryptedSecret: Buffer,
  ): Promise<{ readonly ok: true; readonly secret: Buffer } | TpmFailure> {
    const session = await this.#endorsementSession();
    if (!session.ok) return session;
    const activated = await this.#run({
      name: 'ActivateCredential',
      handles: [handles.storageRootKey, handles.endorsementKey],
      sessions: [noPassword, { policy: session.handle }],
      parameters: [tpm2b(identityObject), tpm2b(encryptedSecret)],
    });
    await this.#flush(session.handle);
    return activated.ok ? { ok: true, secret: activated.parameters.tpm2b() } : activated;
  }

  /** HMAC-SHA256 of `data` with the activated key, inside the TPM. */
  async signWithIdentity(data: Buffer): Promise<{ readonly ok: true; readonly signature: Buffer } | TpmFailure> {
    const response = data.length <= inputLimit ? await this.#hmac(data) : await this.#hmacInParts(data);
    return response.ok ? { ok: true, signature: response.parameters.tpm2b() } : response;
  }

  #hmac(data: Buffer): Promise<TpmResponse> {
    const parameters = [tpm2b(data), u16(algorithms.sha256)];
    return this.#run({ name: 'HMAC', handles: [handles.identityKey], sessions: [noPassword], parameters });
  }

  async #hmacInParts(data: Buffer): Promise<TpmResponse> {
    const started = await this.#run({
      name: 'HMAC_Start',
      handles: [handles.identityKey],
      sessions: [noPassword],
      parameters: [tpm2b(Buffer.alloc(0)), u16(algorithms.sha256)],
      returnsHandle: true,
    });
    if (!started.ok) return started;
    const on = { handles: [started.handle], sessions: [noPassword] };
    let at = 0;
    for (; data.length - at > inputLimit; at += inputLimit) {
      await this.#must({ name: 'SequenceUpdate', ...on, parameters: [tpm2b(data.subarray(at, at + inputLimit))] });
    }
    return this.#run({ name: 'SequenceComplete', ...on, parameters: [tpm2b(data.subarray(at)), u32(permanent.null)] });
  }

  /** The SDKs' endorsement key asks for PolicySecret(endorsement hierarchy): its authPolicy says so. */
  async #endorsementSession(): Promise<{ readonly ok: true; readonly handle: number } | TpmFailure> {
    const started = await this.#must({
      name: 'StartAuthSession',
      handles: [permanent.null, permanent.null],
      // The TPM asks for at least 16 bytes; the nonce plays no part in a session without HMAC.
      parameters: [
        tpm2b(Buffer.alloc(20)),
        tpm2b(Buffer.alloc(0)),
        Buffer.of(policySession),
        u16(algorithms.null),
        u16(algorithms.sha256),
      ],
      returnsHandle: true,
    });
    const empty = tpm2b(Buffer.alloc(0));
    const satisfied = await this.#run({
      name: 'PolicySecret',
      handles: [permanent.endorsement, started.handle],
      sessions: [noPassword],
      parameters: [empty, empty, empty, u32(0)],
    });
    if (satisfied.ok) return { ok: true, handle: started.handle };
    await this.#flush(started.handle);
    return satisfied;
  }

  async #primary(handle: number, hierarchy: number, template: Buffer): Promise<Buffer> {
    const known = await this.#run({ name: 'ReadPublic', handles: [handle] });
    if (known.ok) return tpm2b(known.parameters.tpm2b());
    const nothing = Buffer.concat([tpm2b(Buffer.alloc(0)), tpm2b(Buffer.alloc(0))]);
    const created = await this.#must({
      name: 'CreatePrimary',
      handles: [hierarchy],
      sessions: [noPassword],
      parameters: [tpm2b(nothing), tpm2b(template), tpm2b(Buffer.alloc(0)), u32(0)],
      returnsHandle: true,
    });
    const publicArea = tpm2b(created.parameters.tpm2b());
    const kept = await this.#evict(created.handle, handle);
    await this.#flush(created.handle);
    if (!kept.ok) throw new UnexpectedTpmFailure(kept);
    return publicArea;
  }

  /** TPM2_EvictControl: keeps a loaded key at `persistent`, or forgets the one that is there (Part 3 28.5). */
  #evict(object: number, persistent: number = handles.identityKey): Promise<TpmResponse> {
    return this.#run({
      name: 'EvictControl',
      handles: [permanent.owner, object],
      sessions: [noPassword],
      parameters: [u32(persistent)],
    });
  }

  async #flush(handle: number): Promise<void> {
    await this.#must({ name: 'FlushContext', parameters: [u32(handle)] });
  }

  #run(command: TpmCommand): Promise<TpmResponse> {
    return runCommand(this.#transmit, command);
  }

  async #must(command: TpmCommand): Promise<TpmResponse & { ok: true }> {
    const response = await this.#run(command);
    if (!response.ok) throw new UnexpectedTpmFailure(response);
    return response;
  }
}

const noPassword = { password: '' } as const;
const policySession = 1;
/** TPM_PT_INPUT_BUFFER of swtpm. */
const inputLimit = 1024;
