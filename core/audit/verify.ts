import { createPublicKey, verify, type KeyObject } from 'node:crypto';
import { canonicalJson } from '../wire/canonical-json.ts';
import { auditLine, lineHash, type AuditLine, type AuditSignature } from './lines.ts';

/** The kinds of manipulation of a trail. */
type AuditFault = 'changed' | 'removed' | 'inserted' | 'reordered' | 'truncated' | 'wrong-signature' | 'wrong-key';

/** The verdict on a trail. `ok` is false if the verification found a manipulation. */
export type AuditVerdict =
  | { readonly ok: true; readonly entries: number; readonly shifts: number; readonly station: string }
  | {
      readonly ok: false;
      readonly fault: AuditFault;
      /** Number of the first manipulated line in the file, from 1. */
      readonly line: number;
      readonly sentence: string;
    };

interface Line {
  readonly text: string;
  readonly hash: string;
  /** Undefined if the text is not a valid line in canonical form. */
  readonly parsed: AuditLine | undefined;
}

/**
 * Verifies a trail and reports the first manipulation. If there is only one manipulation (edit, removal, insertion or move),
 * the fault names its kind. An attacker can write a complete new trail and sign it with their own key. Pass `expectedKey` to
 * detect this.
 *
 * @param expectedKey public key of the secure room from a trusted source. Default: the key in the header.
 */
export function verifyAudit(text: string, expectedKey?: KeyObject): AuditVerdict {
  const lines = linesOf(text);
  const first = lines[0]?.parsed;
  // The search covers all lines, because an attacker may have moved the header.
  const header = lines.find(({ parsed }) => parsed?.kind === 'header')?.parsed;
  const key = expectedKey ?? (header?.kind === 'header' ? keyOf(header.publicKey) : undefined);
  const trail = new Trail(lines, key);
  const fault = trail.firstFault() ?? (text.endsWith('\n') ? undefined : cutOff(lines.length));
  if (fault !== undefined) return fault;
  const last = lines.at(-1)?.parsed;
  if (first?.kind !== 'header' || last?.kind !== 'end') return cutOff(lines.length + 1);
  if (expectedKey !== undefined && !(keyOf(first.publicKey)?.equals(expectedKey) ?? false)) {
    return faulty('wrong-key', 0, 'the key in the header differs from the expected key');
  }
  return { ok: true, entries: last.entries, shifts: last.shift, station: first.station };
}

class Trail {
  readonly #lines: readonly Line[];
  readonly #key: KeyObject | undefined;
  /** For each hash, the indexes of the lines that contain this hash in `previous`. */
  readonly #followers = new Map<string, number[]>();
  /** Number of identical copies of each line, by the hash of the line. */
  readonly #copies = new Map<string, number>();

  constructor(lines: readonly Line[], key: KeyObject | undefined) {
    this.#lines = lines;
    this.#key = key;
    for (const [index, { hash, parsed }] of lines.entries()) {
      this.#copies.set(hash, (this.#copies.get(hash) ?? 0) + 1);
      if (parsed === undefined || parsed.kind === 'header') continue;
      const followers = this.#followers.get(parsed.previous);
      if (followers === undefined) this.#followers.set(parsed.previous, [index]);
      else followers.push(index);
    }
  }

  firstFault(): AuditVerdict | undefined {
    for (const index of this.#lines.keys()) {
      const fault = index === 0 ? this.#faultOfFirst() : this.#faultBetween(index - 1, index);
      if (fault !== undefined) return fault;
    }
    const last = this.#lines.length - 1;
    return this.#lines[last]?.parsed?.kind === 'end' ? undefined : this.#faultOfTail(last);
  }

  #faultOfFirst(): AuditVerdict | undefined {
    const [line, second] = this.#lines;
    if (line?.parsed?.kind === 'header') return undefined;
    const at = this.#lines.findIndex(({ parsed }) => parsed?.kind === 'header');
    if (at === 1 && line !== undefined && (!this.#isVouched(line) || this.#isCopied(line)))
      return faulty('inserted', 0, 'this line precedes the header');
    if (at > 0) return faulty('reordered', 0, `the header is in line ${at + 1}`);
    // If an attacker removed the header, entry 1 is in the first line. If an attacker edited the header, entry 1 is in
    // the second line.
    return second?.parsed?.number === 1
      ? faulty('changed', 0, 'the header was changed')
      : faulty('removed', 0, 'the header is missing');
  }

  /** Finds a manipulation of the line at index `at` or of the line before it. All earlier lines are correct. */
  #faultBetween(before: number, at: number): AuditVerdict | undefined {
    const former = this.#lines[before];
    const line = this.#lines[at];
    if (former === undefined || line === undefined) return undefined;
    if (former.parsed?.kind === 'end') return this.#faultAfterEnd(before, at);
    const { parsed } = line;
    const isLinked = parsed !== undefined && parsed.kind !== 'header' && parsed.previous === former.hash;
    if (isLinked && parsed.number === at) return this.#faultInside(at, parsed);
    // An attacker edited this line or the line before it, or inserted, removed or moved a line.
    if (!this.#isVouched(line)) return this.#changedOrInserted(at);
    if (!this.#isVouched(former) && parsed !== undefined && parsed.number === at)
      return this.#changedOrInserted(before);
    if (this.#isCopied(line)) return faulty('inserted', at, `${nameOf(parsed, at)} occurs twice`);
    return this.#missingOrMoved(at, parsed);
  }

  /** Checks the signature of a line. The caller has already checked its number and its member `previous`. */
  #faultInside(at: number, parsed: AuditLine): AuditVerdict | undefined {
    const line = this.#lines[at];
    const next = this.#lines[at + 1];
    if (parsed.kind !== 'shift' && parsed.kind !== 'end') return undefined;
    if (this.#isSigned(parsed)) return undefined;
    const isFollowed = line !== undefined && this.#followers.has(line.hash);
    // No later line contains the hash of this line, so an attacker edited the line after the station wrote the next
    // line.
    if (!isFollowed && next?.parsed !== undefined && parsed.kind === 'shift') return this.#changedOrInserted(at);
    return faulty('wrong-signature', at, `the signature of shift ${parsed.shift} does not match the lines before it`);
  }

  #faultAfterEnd(before: number, at: number): AuditVerdict {
    const isMoved = this.#lines.slice(at).some(({ parsed }) => parsed !== undefined && parsed.kind === 'entry');
    const former = this.#lines[before];
    const end = former?.parsed;
    if (end !== undefined && end.number > before && isMoved)
      return faulty('reordered', before, 'the end line is before other lines');
    return faulty('inserted', at, 'a line follows the end line of the audit trail');
  }

  #faultOfTail(last: number): AuditVerdict {
    const line = this.#lines[last];
    if (line !== undefined && line.parsed === undefined) return faulty('truncated', last, 'the line is incomplete');
    return cutOff(last + 2);
  }

  #changedOrInserted(at: number): AuditVerdict {
    const line = this.#lines[at];
    const next = this.#lines[at + 1]?.parsed;
    const former = this.#lines[at - 1];
    const isBetween =
      former !== undefined && next !== undefined && next.kind !== 'header' && next.previous === former.hash;
    if (isBetween) return faulty('inserted', at, 'the next line contains the hash of the line before this one');
    if (next === undefined && at === this.#lines.length - 1 && line?.parsed === undefined)
      return faulty('truncated', at, 'the line is incomplete');
    if (line?.parsed?.kind === 'end' || line?.parsed?.kind === 'shift') {
      return faulty('wrong-signature', at, `the signature of shift ${line.parsed.shift} does not match this line`);
    }
    return faulty('changed', at, `${nameOf(line?.parsed, at)} does not match the hash in the next line`);
  }

  #missingOrMoved(at: number, parsed: AuditLine | undefined): AuditVerdict {
    const wanted = this.#lines.findIndex((line) => line.parsed?.number === at);
    if (wanted !== -1) return faulty('reordered', at, `entry ${at} is in line ${wanted + 1}`);
    const until = (parsed?.number ?? at + 1) - 1;
    const gone = until > at ? `entries ${at} to ${until} are` : `entry ${at} is`;
    return faulty('removed', at, `${gone} missing before this line`);
  }

  #isCopied({ hash }: Line): boolean {
    return (this.#copies.get(hash) ?? 0) > 1;
  }

  /** Returns true if another line contains the hash of this line, or if this line has a valid signature. */
  #isVouched({ hash, parsed }: Line): boolean {
    if (this.#followers.has(hash)) return true;
    return (parsed?.kind === 'end' || parsed?.kind === 'shift') && this.#isSigned(parsed);
  }

  #isSigned({ signature, ...line }: AuditSignature): boolean {
    if (this.#key === undefined) return false;
    return verify(null, Buffer.from(canonicalJson(line)), this.#key, Buffer.from(signature, 'base64'));
  }
}

function linesOf(text: string): readonly Line[] {
  const texts = text.split('\n');
  if (texts.at(-1) === '') texts.pop();
  return texts.map((line) => ({ text: line, hash: lineHash(line), parsed: read(line) }));
}

/** Parses a line. Returns undefined if the line is not in canonical form, because the station writes only canonical lines. */
function read(text: string): AuditLine | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  const result = auditLine.safeParse(value);
  return result.success && canonicalJson(result.data) === text ? result.data : undefined;
}

function keyOf(pem: string): KeyObject | undefined {
  try {
    const key = createPublicKey(pem);
    return key.asymmetricKeyType === 'ed25519' ? key : undefined;
  } catch {
    return undefined;
  }
}

function nameOf(parsed: AuditLine | undefined, at: number): string {
  return parsed?.kind === 'entry' ? `entry ${parsed.number} (${parsed.device})` : `line ${at + 1}`;
}

function cutOff(line: number): AuditVerdict {
  return faulty('truncated', line - 1, 'the audit trail is truncated: it has no end line');
}

/** @param index position of the line in the file, from 0. */
function faulty(fault: AuditFault, index: number, sentence: string): AuditVerdict {
  return { ok: false, fault, line: index + 1, sentence };
}
