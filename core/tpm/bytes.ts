/** Encodes an unsigned 16-bit number in big-endian order, as in all TPM structures (TPM 2.0 Part 2 5). */
export function u16(value: number): Buffer {
  const bytes = Buffer.alloc(2);
  bytes.writeUInt16BE(value);
  return bytes;
}

/** Encodes an unsigned 32-bit number in big-endian order. */
export function u32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}

/** Encodes a TPM2B: the size of the content in 16 bits, then the content (TPM 2.0 Part 2 10.4). */
export function tpm2b(content: Uint8Array): Buffer {
  return Buffer.concat([u16(content.length), content]);
}

/**
 * Reads a structure from front to back. A read past the end gives an empty value and sets `broken`, so callers check `broken` once
 * at the end.
 */
export class TpmReader {
  readonly #bytes: Buffer;
  #at = 0;
  #broken = false;

  constructor(bytes: Uint8Array) {
    this.#bytes = Buffer.from(bytes);
  }

  /** True if a read went past the end. */
  get broken(): boolean {
    return this.#broken;
  }

  /** True if every byte was read and no read went past the end. */
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

  /** Reads the content of a TPM2B. */
  tpm2b(): Buffer {
    return this.take(this.u16());
  }
}
