import type { Millis } from '../time/clock.ts';
import type { Certificate } from './certificate.ts';
import type { ChainStep, Purpose } from './chain-rules.ts';
import type { ChainWork } from './limits.ts';

/** The parsed input of a verification. */
export interface VerifiedInput {
  readonly leaf: Certificate;
  readonly presented: readonly Certificate[];
  readonly anchors: readonly Certificate[];
  readonly purpose: Purpose;
  readonly checkAnchorValidity: boolean;
  readonly strict: boolean;
  /** The instant of the verification. */
  readonly at: Millis;
}

/** The verdict of a chain that passed. */
export interface PassedVerdict {
  readonly ok: true;
  /** The certificates from the leaf to the trusted certificate. */
  readonly path: readonly Certificate[];
  readonly steps: readonly ChainStep[];
  readonly work: ChainWork;
}

interface Entry {
  readonly input: VerifiedInput;
  /** From `from` up to but not including `until`, no certificate becomes valid or invalid. */
  readonly from: Millis;
  readonly until: Millis;
  readonly verdict: PassedVerdict;
}

/**
 * Returns the verdict of an earlier verification of the same certificates, if the chain passed and no certificate has
 * become valid or invalid since then. The stored verdict saves time: each device of a fleet verifies the same server
 * chain, and a hub verifies the same chain at each visit of a device. Certificates are compared by identity:
 * `parseCertificate` returns the same object for the same octets.
 */
export function passedBefore(input: VerifiedInput): PassedVerdict | undefined {
  const { leaf, at } = input;
  return entries.get(leaf)?.find((entry) => entry.from <= at && at < entry.until && isSame(entry.input, input))
    ?.verdict;
}

/** Stores a verdict that passed without a disabled rule. */
export function rememberPassed(
  { leaf, presented, anchors, purpose, checkAnchorValidity, strict, at }: VerifiedInput,
  verdict: PassedVerdict,
): void {
  const input = { leaf, presented, anchors, purpose, checkAnchorValidity, strict, at };
  const former = entries.get(leaf) ?? [];
  entries.set(leaf, [{ input, ...unchangedSpan(input), verdict }, ...former].slice(0, mostForOneLeaf));
}

/** Entries by leaf. `parseCertificate` keeps a limited number of certificates, and the entries of a dropped leaf are garbage-collected. */
const entries = new WeakMap<Certificate, readonly Entry[]>();

/**
 * Maximum number of entries for one leaf. One entry is not enough, because DPS and hub verify the same leaf with
 * different trusted certificates.
 */
const mostForOneLeaf = 4;

function unchangedSpan({ leaf, presented, anchors, at }: VerifiedInput): { from: Millis; until: Millis } {
  let [from, until] = [-Infinity, Infinity];
  for (const { notBefore, notAfter } of [leaf, ...presented, ...anchors]) {
    // `notBefore` and `notAfter` are included, so the validity changes at `notBefore` and one millisecond after `notAfter`.
    for (const border of [notBefore, notAfter + 1]) {
      if (border <= at) from = Math.max(from, border);
      else until = Math.min(until, border);
    }
  }
  return { from, until };
}

function isSame(one: VerifiedInput, other: VerifiedInput): boolean {
  return (
    one.purpose === other.purpose &&
    one.checkAnchorValidity === other.checkAnchorValidity &&
    one.strict === other.strict &&
    isSameList(one.presented, other.presented) &&
    isSameList(one.anchors, other.anchors)
  );
}

function isSameList(one: readonly Certificate[], other: readonly Certificate[]): boolean {
  return one.length === other.length && one.every((certificate, index) => certificate === other[index]);
}
