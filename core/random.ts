import { createHash, createHmac, randomBytes } from 'node:crypto';

/**
 * The only source of chance: a stream of bytes fixed by a seed, so that a run can be played again.
 * Not for key material: see `freshKey`.
 */
export class Random {
  readonly #key: Buffer;
  #block = 0;
  #left = Buffer.alloc(0);

  constructor(seed: string) {
    this.#key = createHash('sha256').update(seed).digest();
  }

  /** A stream of its own for `name`: what one part draws never shifts what another part gets. */
  fork(name: string): Random {
    return new Random(createHmac('sha256', this.#key).update(name).digest('hex'));
  }

  /** `length` bytes. HMAC-SHA256 in counter mode, so equal on every platform. */
  bytes(length: number): Buffer {
    while (this.#left.length < length) {
      const counter = Buffer.alloc(8);
      counter.writeBigUInt64BE(BigInt(this.#block++));
      this.#left = Buffer.concat([this.#left, createHmac('sha256', this.#key).update(counter).digest()]);
    }
    const taken = this.#left.subarray(0, length);
    this.#left = this.#left.subarray(length);
    return Buffer.from(taken);
  }

  /** A number in [0, 1) with 48 random bits. */
  number(): number {
    return this.bytes(6).readUIntBE(0, 6) / 2 ** 48;
  }

  /** A version 4 UUID (RFC 9562 5.4). */
  uuid(): string {
    const raw = this.bytes(16);
    raw[6] = ((raw[6] ?? 0) & 0x0f) | 0x40;
    raw[8] = ((raw[8] ?? 0) & 0x3f) | 0x80;
    const hex = raw.toString('hex');
    return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
  }
}

/** Key material: fresh in every run, whatever the seed, so that no key is ever known beforehand. */
export function freshKey(length: number): Buffer {
  return randomBytes(length);
}
