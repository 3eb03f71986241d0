import type { Certificate } from './certificate.ts';
import type { ChainStep } from './chain-rules.ts';
import { isCostlyKey } from './key-strength.ts';
import type { PathEnd } from './path-search.ts';
import { certificateProfile } from './rules/certificate-profile.ts';
import { pathRules } from './rules/index.ts';
import { failed, passed, type JudgedPath } from './rules/path-rule.ts';
import { signatureAlgorithmOf } from './signature.ts';

/** What a path is judged under, with the reasons why certificates that were sent could not be read. */
export type Circumstances = Omit<JudgedPath, 'path'> & {
  readonly strict: boolean;
  readonly unreadable: readonly string[];
};

/** The rules that a path keeps, in order; the last step failed unless it keeps them all. */
export function stepsOf(end: PathEnd, circumstances: Circumstances): readonly ChainStep[] {
  const judged: JudgedPath = { ...circumstances, path: end.path };
  const steps: ChainStep[] = structureOf(end, judged, circumstances.unreadable);
  if (end.kind !== 'anchored') return steps;
  for (const rule of circumstances.strict ? [...pathRules, certificateProfile] : pathRules) {
    steps.push(...rule(judged));
    if (steps.at(-1)?.passed === false) return steps;
  }
  return steps;
}

/** Steps about how the path hangs together. */
function structureOf(end: PathEnd, judged: JudgedPath, unreadable: readonly string[]): ChainStep[] {
  const { path } = end;
  const top = path.length - 1;
  const last = path[top];
  if (last === undefined) throw new Error('a path without a leaf');
  const readable = passed('certificate-readable', judged, 'X.509 certificates', last.subject);
  const bounds = `at most ${judged.meter.limits.intermediates} CAs between the leaf and a trusted certificate`;
  if (end.kind === 'too-long') return [readable, failed('chain-within-bounds', top, bounds, 'more')];
  const steps = [readable, passed('chain-within-bounds', judged, bounds, `${Math.max(0, top - 1)}`)];
  const issuer = `the issuer of ${last.subject}, ${last.issuer}`;
  if (end.kind === 'incomplete') {
    return [...steps, failed('chain-complete', top, issuer, missing(end.near, unreadable))];
  }
  if (end.kind === 'circle')
    return [...steps, failed('chain-complete', top, issuer, 'a circle of CAs that sign each other')];
  steps.push(passed('chain-complete', judged, 'each issuer was sent or is trusted', `${path.length} certificates`));
  if (end.kind === 'not-signed')
    return [
      ...steps,
      failed('signatures-match', top, `a signature by ${end.issuer.subject}`, mismatch(last, end.issuer)),
    ];
  if (end.kind === 'untrusted-root') {
    return [
      ...steps,
      failed('chain-trusted', top, 'a trusted certificate', `the self-signed ${last.subject}, which is not trusted`),
    ];
  }
  return [
    ...steps,
    passed('chain-trusted', judged, 'a trusted certificate', last.subject),
    passed('signatures-match', judged, 'each certificate is signed by the next', `${top} signatures`),
  ];
}

function missing(near: Certificate | undefined, unreadable: readonly string[]): string {
  const named =
    near === undefined ? 'neither sent nor trusted' : 'one of that name with another key identifier or serial number';
  return unreadable.length === 0
    ? named
    : `${named}; ${unreadable.length} of the certificates sent or trusted cannot be read (${unreadable[0]})`;
}

function mismatch(certificate: Certificate, issuer: Certificate): string {
  const { signature } = certificate;
  if (isCostlyKey(issuer.publicKey)) return 'a key too large to check signatures with';
  if (!signature.consistent) return 'two different algorithms, inside and outside of what is signed';
  const name = signatureAlgorithmOf(certificate)?.name;
  return name === undefined
    ? `a signature of the unknown algorithm ${signature.algorithm}`
    : `a signature (${name}) by another key`;
}
