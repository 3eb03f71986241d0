/** Big-endian unsigned 16 bits, as everywhere in TPM structures (TPM 2.0 Part 2 5). */
export function u16(value: number): Buffer {
  const bytes = Buffer.alloc(2);
  bytes.writeUInt16BE(value);
  return bytes;
}

/** Big-endian unsigned 32 bits. */
export function u32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}

/** A TPM2B: size, then content (TPM 2.0 Part 2 10.4). */
export function tpm2b(content: Uint8Array): Buffer {
  return Buffer.concat([u16(content.length), content]);
}

/** Reads structures front to back. Past the end everything reads as empty and `broken` is set: ask once, at the end. */
export class TpmReader {
  readonly #bytes: Buffer;
  #at = 0;
  #broken = false;

  constructor(bytes: Uint8Array) {
    this.#bytes = Buffer.from(bytes);
  }

  /** Whether something was asked for that was not there. */
  get broken(): boolean {
    return this.#broken;
  }

  /** Whether all bytes were read and none was missing. */
  get complete(): boolean {
    return !this.#broken && this.#at === this.#bytes.length;
  }

  take(length: number): Buffer {
    if (this.#at + length > this.#bytes.length) {
      this.#broken = true;
      return Buffer.alloc(0);
    }
    this.#at += length;
    return this.#bytes.subarray(this.#at - length, this.#at);
  }

  u16(): number {
    const bytes = this.take(2);
    return bytes.length === 2 ? bytes.readUInt16BE() : 0;
  }

  u32(): number {
    const bytes = this.take(4);
    return bytes.length === 4 ? bytes.readUInt32BE() : 0;
  }

  /** Content of a TPM2B. */
  tpm2b(): Buffer {
    return this.take(this.u16());
  }
}
