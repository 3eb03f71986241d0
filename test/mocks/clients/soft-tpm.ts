import {
  constants,
  createDecipheriv,
  createHash,
  createHmac,
  generateKeyPairSync,
  privateDecrypt,
  type KeyObject,
} from 'node:crypto';

/**
 * A software TPM for DPS attestation, with keys from the templates of the SDKs. It implements TPM2_ActivateCredential and TPM2_Import from
 * TPM 2.0 Part 1 (22, 23, 24), and shares no code with the part of TPM attestation that the mocked service implements.
 */
export class SoftTpm {
  readonly #ek = storageKey('000300b2', '837197674484b3f81a90cc8d46a5d724fd52d76e06520b64f2a1da1b331469aa');
  #srk = storageKey('00030472', '');

  /** TPM2B_PUBLIC. */
  get endorsementKey(): Buffer {
    return this.#ek.area;
  }

  /** TPM2B_PUBLIC. */
  get storageRootKey(): Buffer {
    return this.#srk.area;
  }

  /** The public keys of this TPM in the form of the body of a register request. */
  get body(): { tpm: { endorsementKey: string; storageRootKey: string } } {
    return {
      tpm: {
        endorsementKey: this.endorsementKey.toString('base64'),
        storageRootKey: this.storageRootKey.toString('base64'),
      },
    };
  }

  /** Clears the TPM (TPM2_Clear): the storage root key changes, the endorsement key stays. */
  clear(): void {
    this.#srk = storageKey('00030472', '');
  }

  /** Returns the key inside an `authenticationKey`. Throws if this TPM cannot decrypt it. */
  unwrap(authenticationKey: unknown): Buffer {
    const blob = Buffer.from(String(authenticationKey), 'base64');
    const parts: Buffer[] = [];
    let at = 0;
    while (at < blob.length) {
      const length = blob.readUInt16BE(at);
      parts.push(blob.subarray(at + 2, at + 2 + length));
      at += 2 + length;
    }
    const [idObject, identitySeed, duplicate, duplicateSeed, publicArea] = parts;
    if (at !== blob.length || parts.length !== 6) throw new Error(`${parts.length} structures in ${blob.length} bytes`);
    if (!idObject || !identitySeed || !duplicate || !duplicateSeed || !publicArea)
      throw new Error('a structure is empty');
    const srkName = nameOf(this.#srk.area.subarray(2));
    const inner = sized(open(idObject, rsa(this.#ek.key, identitySeed, 'IDENTITY'), srkName));
    const keyName = nameOf(publicArea);
    const wrapped = open(duplicate, rsa(this.#srk.key, duplicateSeed, 'DUPLICATE'), keyName);
    const clear = aes(inner, wrapped);
    const sensitive = clear.subarray(2 + clear.readUInt16BE(0));
    if (!sha256(sensitive, keyName).equals(sized(clear))) throw new Error('inner integrity');
    return sensitiveKey(sensitive, publicArea);
  }
}

function storageKey(attributes: string, policy: string): { readonly key: KeyObject; readonly area: Buffer } {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const modulus = Buffer.from(publicKey.export({ format: 'jwk' }).n ?? '', 'base64url');
  const head = `0001000b${attributes}${(policy.length / 2).toString(16).padStart(4, '0')}${policy}`;
  const area = Buffer.concat([Buffer.from(`${head}0006008000430010080000000000`, 'hex'), tpm2b(modulus)]);
  return { key: privateKey, area: tpm2b(area) };
}

/** Returns the HMAC key in a TPMT_SENSITIVE, after comparing it with its public area. */
function sensitiveKey(sensitive: Buffer, publicArea: Buffer): Buffer {
  const [type, auth] = [sensitive.readUInt16BE(2), sensitive.readUInt16BE(4)];
  const seed = sized(sensitive.subarray(6));
  const key = sized(sensitive.subarray(8 + seed.length));
  if (sensitive.readUInt16BE(0) !== sensitive.length - 2 || type !== 8 || auth !== 0)
    throw new Error('not an HMAC key');
  const wanted = `0008000b0004044000000005000b0020${sha256(seed, key).toString('hex')}`;
  if (publicArea.toString('hex') !== wanted) throw new Error('the public area does not belong to the key');
  return key;
}

/** Removes the outer wrapper: a TPM2B of an HMAC, then data that is encrypted and authenticated with the seed and a name. */
function open(wrapped: Buffer, seed: Buffer, name: Buffer): Buffer {
  const given = sized(wrapped);
  const encrypted = wrapped.subarray(2 + given.length);
  const right = createHmac('sha256', kdfa(seed, 'INTEGRITY', Buffer.alloc(0), 256))
    .update(encrypted)
    .update(name)
    .digest();
  if (!right.equals(given)) throw new Error('outer integrity');
  return aes(kdfa(seed, 'STORAGE', name, 128), encrypted);
}

function kdfa(key: Buffer, label: string, context: Buffer, bits: number): Buffer {
  const mac = createHmac('sha256', key);
  for (const part of [u32(1), Buffer.from(`${label}\0`), context, u32(bits)]) mac.update(part);
  return mac.digest().subarray(0, bits / 8);
}

function u32(value: number): Buffer {
  return Buffer.from(value.toString(16).padStart(8, '0'), 'hex');
}

function rsa(key: KeyObject, secret: Buffer, label: string): Buffer {
  const oaepLabel = Buffer.from(`${label}\0`);
  return privateDecrypt({ key, padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: 'sha256', oaepLabel }, secret);
}

function aes(key: Buffer, encrypted: Buffer): Buffer {
  return createDecipheriv('aes-128-cfb', key, Buffer.alloc(16)).update(encrypted);
}

function sized(bytes: Buffer): Buffer {
  return bytes.subarray(2, 2 + bytes.readUInt16BE(0));
}

function tpm2b(bytes: Buffer): Buffer {
  return Buffer.concat([Buffer.from([bytes.length >> 8, bytes.length & 255]), bytes]);
}

function nameOf(area: Buffer): Buffer {
  return Buffer.concat([Buffer.from([0, 0x0b]), sha256(area)]);
}

function sha256(...parts: Buffer[]): Buffer {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return hash.digest();
}
