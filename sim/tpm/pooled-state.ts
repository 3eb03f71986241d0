import type { TpmPool } from './tpm-pool.ts';

/**
 * The state of one TPM while the pool can reproduce it: the TPM has made only primary keys, with default templates and without passwords.
 * After any other command that can change the TPM, the TPM leaves the pool for good.
 */
export class PooledState {
  readonly #pool: TpmPool;
  readonly #slot: number;
  readonly #stateDir: string;
  #hasLeft: boolean;
  /** Names of the keys at persistent handles. Undefined before the TPM has seeds. */
  #keys: readonly string[] | undefined;

  /** @param slot number of the TPM in its simulated world, from 0. */
  constructor(pool: TpmPool, slot: number, stateDir: string) {
    this.#pool = pool;
    this.#slot = slot;
    this.#stateDir = stateDir;
    this.#hasLeft = !pool.holds(slot);
  }

  /** Prepares the state before the TPM starts. A new TPM gets its seeds from the pool, if the pool has seeds for the slot. */
  beforeStart(): void {
    if (this.#hasLeft || this.#keys !== undefined) return;
    if (this.#pool.take(this.#slot, [], this.#stateDir)) this.#keys = [];
  }

  /**
   * Updates the state after each command.
   * @param command as the TPM received it.
   * @param isMaking true if the command is part of making a primary key.
   */
  afterCommand(command: Buffer, isMaking: boolean): void {
    const code = command.length < 10 ? 0 : command.readUInt32BE(6);
    if (this.#hasLeft || !(readers.has(code) || (isMaking && makers.has(code)))) return this.leave();
    if (this.#keys !== undefined) return;
    // Meanwhile, another simulated world has made a TPM with other seeds for this slot.
    if (this.#pool.has(this.#slot, [])) return this.leave();
    this.#keep([]);
  }

  /** Leaves the pool for good, because the TPM has a state that the pool cannot reproduce. */
  leave(): void {
    this.#hasLeft = true;
  }

  /** Returns true if a primary key can come from the pool or go into it. @param handle name of its handle. */
  isOpenFor(handle: string): boolean {
    return !this.#hasLeft && this.#keys?.some((key) => key.startsWith(handle)) !== true;
  }

  /** Returns true if the pool has the state that this TPM would have with one more key. */
  isReady(key: string): boolean {
    return this.#pool.has(this.#slot, [...(this.#keys ?? []), key]);
  }

  /** Replaces the state by the state with one more key. The TPM must have no power. Returns false if the state did not change. */
  take(key: string): boolean {
    const keys = [...(this.#keys ?? []), key];
    if (!this.#pool.take(this.#slot, keys, this.#stateDir)) return false;
    this.#keys = keys;
    return true;
  }

  /** Keeps the state after the TPM has made one more key. */
  made(key: string): void {
    if (this.#hasLeft) return;
    this.#keep([...(this.#keys ?? []), key]);
  }

  #keep(keys: readonly string[]): void {
    this.#keys = keys;
    if (!this.#pool.keep(this.#slot, keys, this.#stateDir)) this.leave();
  }
}

/** ReadPublic and FlushContext change nothing that a TPM stores (TPM 2.0 Part 2 6.5.2). */
const readers: ReadonlySet<number> = new Set([0x173, 0x165]);
/** Commands that make a primary key and store it: CreatePrimary and EvictControl. */
const makers: ReadonlySet<number> = new Set([0x131, 0x120]);
