import { createHash, createHmac, randomBytes } from 'node:crypto';

/**
 * The only source of random values: a stream of bytes that a seed determines, so that a run can be repeated. For keys use
 * `freshKey`.
 */
export class Random {
  readonly #key: Buffer;
  #block = 0;
  #left = Buffer.alloc(0);

  constructor(seed: string) {
    this.#key = createHash('sha256').update(seed).digest();
  }

  /**
   * Creates an independent stream for `name`. If one part of the program draws more values from its stream, the values of the other parts
   * stay the same.
   */
  fork(name: string): Random {
    return new Random(createHmac('sha256', this.#key).update(name).digest('hex'));
  }

  /** Returns `length` bytes, made by HMAC-SHA256 in counter mode. Every platform gives the same bytes. */
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

  /** Returns a number in [0, 1) with 48 random bits. */
  number(): number {
    return this.bytes(6).readUIntBE(0, 6) / 2 ** 48;
  }

  /** Returns a version 4 UUID (RFC 9562 5.4). */
  uuid(): string {
    const raw = this.bytes(16);
    raw[6] = ((raw[6] ?? 0) & 0x0f) | 0x40;
    raw[8] = ((raw[8] ?? 0) & 0x3f) | 0x80;
    const hex = raw.toString('hex');
    return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
  }
}

/** Returns a new key of `length` random bytes from the operating system, which no seed can predict. */
export function freshKey(length: number): Buffer {
  return randomBytes(length);
}
