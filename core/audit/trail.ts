import { generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { canonicalJson } from '../wire/canonical-json.ts';
import { isoInstant, type Millis } from '../time/clock.ts';
import { auditFormat, lineHash, type AuditEntry, type AuditLine } from './lines.ts';

/** The settings of an audit trail: the factory station that writes the trail, and the length of a shift. */
export interface AuditSettings {
  readonly station: string;
  readonly party: string;
  readonly shiftMs: number;
}

/** The content of an entry, without its position in the chain. */
export type AuditRecord = Pick<AuditEntry, 'device' | 'registrationId' | 'identity'>;

/**
 * The record of the identities that the secure room of a factory installed in devices: party, station, device and time.
 * Each line is JSON and contains the hash of the previous line. At the end of each shift the secure room signs the last
 * line. Because of the hashes this signature also covers all earlier lines. Each run generates a new signing key, which
 * never leaves the room.
 */
export class AuditTrail {
  readonly #settings: AuditSettings;
  readonly #key = generateKeyPairSync('ed25519');
  readonly #lines: string[] = [];
  readonly #records: AuditRecord[] = [];
  #shift = 1;
  #shiftEndsAt: Millis;

  /** @param now time by the clock of the station. All methods expect the time of this clock. */
  constructor(settings: AuditSettings, now: Millis) {
    this.#settings = settings;
    this.#shiftEndsAt = now + settings.shiftMs;
    const { station, party } = settings;
    const publicKey = this.#key.publicKey.export({ format: 'pem', type: 'spki' }).toString();
    this.#write({ kind: 'header', format: auditFormat, number: 0, station, party, publicKey });
  }

  /** Records an identity that the station installed in a device. */
  enter(record: AuditRecord, now: Millis): void {
    while (now >= this.#shiftEndsAt) {
      this.#lines.push(this.#signed('shift'));
      this.#shift++;
      // Skips the shifts without entries, because they get no signature.
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

  /**
   * Returns the lines of the complete trail file. The last signature in the file covers all entries. The station can
   * still add entries to the trail afterwards.
   */
  copy(): readonly string[] {
    return [...this.#lines, this.#signed('end')];
  }

  /** Name of the station that writes the trail. */
  get station(): string {
    return this.#settings.station;
  }

  /** Public key of the secure room, for verification. */
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
