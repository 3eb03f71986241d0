import { createPublicKey, verify, type KeyObject } from 'node:crypto';
import { canonicalJson } from '../wire/canonical-json.ts';
import { auditLine, lineHash, type AuditLine, type AuditSignature } from './lines.ts';

/** What was done to a trail. */
type AuditFault = 'changed' | 'removed' | 'inserted' | 'reordered' | 'truncated' | 'wrong-signature' | 'wrong-key';

export type AuditVerdict =
  | { readonly ok: true; readonly entries: number; readonly shifts: number; readonly station: string }
  | {
      readonly ok: false;
      readonly fault: AuditFault;
      /** Line of the file at which it first differs from what was written, from 1. */
      readonly line: number;
      readonly sentence: string;
    };

interface Line {
  readonly text: string;
  readonly hash: string;
  /** Undefined where the text is no line of a trail as a trail writes it. */
  readonly said: AuditLine | undefined;
}

/**
 * Judges a trail and names the first place at which it is not as it was written. Any one edit, removal, insertion or move is
 * told by what it is. Who holds the key of the secure room can write another trail: give the key's public half from
 * elsewhere to notice another key.
 *
 * @param expectedKey the public key of the secure room as it is known from elsewhere; that of the header where absent.
 */
export function verifyAudit(text: string, expectedKey?: KeyObject): AuditVerdict {
  const lines = linesOf(text);
  const first = lines[0]?.said;
  // Wherever the header stands now.
  const header = lines.find(({ said }) => said?.kind === 'header')?.said;
  const key = expectedKey ?? (header?.kind === 'header' ? keyOf(header.publicKey) : undefined);
  const trail = new Trail(lines, key);
  const fault = trail.firstFault() ?? (text.endsWith('\n') ? undefined : cutOff(lines.length));
  if (fault !== undefined) return fault;
  const last = lines.at(-1)?.said;
  if (first?.kind !== 'header' || last?.kind !== 'end') return cutOff(lines.length + 1);
  if (expectedKey !== undefined && !(keyOf(first.publicKey)?.equals(expectedKey) ?? false)) {
    return faulty('wrong-key', 0, 'the header names another key than the one that was given');
  }
  return { ok: true, entries: last.entries, shifts: last.shift, station: first.station };
}

class Trail {
  readonly #lines: readonly Line[];
  readonly #key: KeyObject | undefined;
  /** Hashes that some line names as the one before it, with the places of those lines. */
  readonly #followers = new Map<string, number[]>();
  /** How often each line is there. */
  readonly #copies = new Map<string, number>();

  constructor(lines: readonly Line[], key: KeyObject | undefined) {
    this.#lines = lines;
    this.#key = key;
    for (const [index, { hash, said }] of lines.entries()) {
      this.#copies.set(hash, (this.#copies.get(hash) ?? 0) + 1);
      if (said === undefined || said.kind === 'header') continue;
      const followers = this.#followers.get(said.previous);
      if (followers === undefined) this.#followers.set(said.previous, [index]);
      else followers.push(index);
    }
  }

  firstFault(): AuditVerdict | undefined {
    for (const index of this.#lines.keys()) {
      const fault = index === 0 ? this.#faultOfFirst() : this.#faultBetween(index - 1, index);
      if (fault !== undefined) return fault;
    }
    const last = this.#lines.length - 1;
    return this.#lines[last]?.said?.kind === 'end' ? undefined : this.#faultOfTail(last);
  }

  #faultOfFirst(): AuditVerdict | undefined {
    const [line, second] = this.#lines;
    if (line?.said?.kind === 'header') return undefined;
    const at = this.#lines.findIndex(({ said }) => said?.kind === 'header');
    if (at === 1 && line !== undefined && (!this.#isVouched(line) || this.#isCopied(line)))
      return faulty('inserted', 0, 'a line before the header');
    if (at > 0) return faulty('reordered', 0, `the header stands in line ${at + 1}`);
    // A header that was removed leaves entry 1 in its place; a changed one leaves it in the next.
    return second?.said?.number === 1
      ? faulty('changed', 0, 'this is no header any more')
      : faulty('removed', 0, 'the header is missing');
  }

  /** Looks at two neighbours of which the first is as it should be until here. */
  #faultBetween(before: number, at: number): AuditVerdict | undefined {
    const former = this.#lines[before];
    const line = this.#lines[at];
    if (former === undefined || line === undefined) return undefined;
    if (former.said?.kind === 'end') return this.#faultAfterEnd(before, at);
    const { said } = line;
    const isLinked = said !== undefined && said.kind !== 'header' && said.previous === former.hash;
    if (isLinked && said.number === at) return this.#faultInside(at, said);
    // One of the two, or their order, is not as it was written.
    if (!this.#isVouched(line)) return this.#changedOrInserted(at);
    if (!this.#isVouched(former) && said !== undefined && said.number === at) return this.#changedOrInserted(before);
    if (this.#isCopied(line)) return faulty('inserted', at, `${named(said, at)} is there twice`);
    return this.#missingOrMoved(at, said);
  }

  /** A line that follows as it should may still have a signature that does not fit, or be one that nothing follows. */
  #faultInside(at: number, said: AuditLine): AuditVerdict | undefined {
    const line = this.#lines[at];
    const next = this.#lines[at + 1];
    if (said.kind !== 'shift' && said.kind !== 'end') return undefined;
    if (this.#isSigned(said)) return undefined;
    const isFollowed = line !== undefined && this.#followers.has(line.hash);
    // What was edited is told as such where the next line gives it away.
    if (!isFollowed && next?.said !== undefined && said.kind === 'shift') return this.#changedOrInserted(at);
    return faulty('wrong-signature', at, `the signature of shift ${said.shift} does not fit what came before it`);
  }

  #faultAfterEnd(before: number, at: number): AuditVerdict {
    const isMoved = this.#lines.slice(at).some(({ said }) => said !== undefined && said.kind === 'entry');
    const former = this.#lines[before];
    const end = former?.said;
    if (end !== undefined && end.number > before && isMoved)
      return faulty('reordered', before, 'the end of the trail stands before other lines');
    return faulty('inserted', at, 'something follows the end of the trail');
  }

  #faultOfTail(last: number): AuditVerdict {
    const line = this.#lines[last];
    if (line !== undefined && line.said === undefined) return faulty('truncated', last, 'the line breaks off');
    return cutOff(last + 2);
  }

  #changedOrInserted(at: number): AuditVerdict {
    const line = this.#lines[at];
    const next = this.#lines[at + 1]?.said;
    const former = this.#lines[at - 1];
    const isBetween =
      former !== undefined && next !== undefined && next.kind !== 'header' && next.previous === former.hash;
    if (isBetween) return faulty('inserted', at, 'the line after it follows the one before it');
    if (next === undefined && at === this.#lines.length - 1 && line?.said === undefined)
      return faulty('truncated', at, 'the line breaks off');
    if (line?.said?.kind === 'end' || line?.said?.kind === 'shift') {
      return faulty('wrong-signature', at, `the signature of shift ${line.said.shift} does not fit this line`);
    }
    return faulty('changed', at, `${named(line?.said, at)} is not what the line after it vouches for`);
  }

  #missingOrMoved(at: number, said: AuditLine | undefined): AuditVerdict {
    const wanted = this.#lines.findIndex((line) => line.said?.number === at);
    if (wanted !== -1) return faulty('reordered', at, `entry ${at} stands in line ${wanted + 1}, not here`);
    const until = (said?.number ?? at + 1) - 1;
    const gone = until > at ? `entries ${at} to ${until} are` : `entry ${at} is`;
    return faulty('removed', at, `${gone} missing before this line`);
  }

  #isCopied({ hash }: Line): boolean {
    return (this.#copies.get(hash) ?? 0) > 1;
  }

  /** Whether a later line names this one as the one before it, or a signature stands for it. */
  #isVouched({ hash, said }: Line): boolean {
    if (this.#followers.has(hash)) return true;
    return (said?.kind === 'end' || said?.kind === 'shift') && this.#isSigned(said);
  }

  #isSigned({ signature, ...line }: AuditSignature): boolean {
    if (this.#key === undefined) return false;
    return verify(null, Buffer.from(canonicalJson(line)), this.#key, Buffer.from(signature, 'base64'));
  }
}

function linesOf(text: string): readonly Line[] {
  const texts = text.split('\n');
  if (texts.at(-1) === '') texts.pop();
  return texts.map((line) => ({ text: line, hash: lineHash(line), said: read(line) }));
}

/** A line in any other spelling than the one it is written in was changed. */
function read(text: string): AuditLine | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  const parsed = auditLine.safeParse(value);
  return parsed.success && canonicalJson(parsed.data) === text ? parsed.data : undefined;
}

function keyOf(pem: string): KeyObject | undefined {
  try {
    const key = createPublicKey(pem);
    return key.asymmetricKeyType === 'ed25519' ? key : undefined;
  } catch {
    return undefined;
  }
}

function named(said: AuditLine | undefined, at: number): string {
  return said?.kind === 'entry' ? `entry ${said.number} (${said.device})` : `line ${at + 1}`;
}

function cutOff(line: number): AuditVerdict {
  return faulty('truncated', line - 1, 'the trail has no end: its tail is missing');
}

/** @param index from 0. */
function faulty(fault: AuditFault, index: number, sentence: string): AuditVerdict {
  return { ok: false, fault, line: index + 1, sentence };
}
