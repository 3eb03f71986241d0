import { generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { canonicalJson } from '../wire/canonical-json.ts';
import { isoInstant, type Millis } from '../time/clock.ts';
import { auditFormat, lineHash, type AuditEntry, type AuditLine } from './lines.ts';

/** Where a trail is kept, and how long a shift is. */
export interface AuditSettings {
  readonly station: string;
  readonly party: string;
  readonly shiftMs: number;
}

/** What one entry says beside its place in the chain. */
export type AuditRecord = Pick<AuditEntry, 'device' | 'registrationId' | 'identity'>;

/**
 * Who installed which identity on which device, where and when: lines of JSON of which each names the one before by its
 * hash. At the end of each shift the secure room signs, and with that all that came before. Its key is fresh in every run
 * and never leaves.
 */
export class AuditTrail {
  readonly #settings: AuditSettings;
  readonly #key = generateKeyPairSync('ed25519');
  readonly #lines: string[] = [];
  readonly #records: AuditRecord[] = [];
  #shift = 1;
  #shiftEndsAt: Millis;

  /** @param now by the clock of the station, as in all that follows. */
  constructor(settings: AuditSettings, now: Millis) {
    this.#settings = settings;
    this.#shiftEndsAt = now + settings.shiftMs;
    const { station, party } = settings;
    const publicKey = this.#key.publicKey.export({ format: 'pem', type: 'spki' }).toString();
    this.#write({ kind: 'header', format: auditFormat, number: 0, station, party, publicKey });
  }

  /** Enters that an identity went into a device. */
  enter(record: AuditRecord, now: Millis): void {
    while (now >= this.#shiftEndsAt) {
      this.#lines.push(this.#signed('shift'));
      this.#shift++;
      // Shifts in which nothing was done are not signed for one by one.
      const rest = now - this.#shiftEndsAt;
      this.#shiftEndsAt += this.#settings.shiftMs * (1 + Math.floor(rest / this.#settings.shiftMs));
    }
    const { station, party } = this.#settings;
    this.#write({ kind: 'entry', ...this.#link(), at: isoInstant(now), party, station, ...record });
    this.#records.push(record);
  }

  records(): readonly AuditRecord[] {
    return this.#records;
  }

  /** The lines of the file as it is handed out now: signed to the last entry. The trail may go on after it. */
  copy(): readonly string[] {
    return [...this.#lines, this.#signed('end')];
  }

  /** Who writes it. */
  get station(): string {
    return this.#settings.station;
  }

  /** What the signatures of the secure room are checked with, as its owner knows it. */
  get publicKey(): KeyObject {
    return this.#key.publicKey;
  }

  #link(): { number: number; previous: string } {
    return { number: this.#lines.length, previous: lineHash(this.#lines.at(-1) ?? '') };
  }

  #signed(kind: 'shift' | 'end'): string {
    const line = { kind, ...this.#link(), shift: this.#shift, entries: this.#records.length };
    const signature = sign(null, Buffer.from(canonicalJson(line)), this.#key.privateKey).toString('base64');
    return canonicalJson({ ...line, signature } satisfies AuditLine);
  }

  #write(line: AuditLine): void {
    this.#lines.push(canonicalJson(line));
  }
}
