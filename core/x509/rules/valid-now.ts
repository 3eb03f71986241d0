import { isValidAt } from '../../rules/is-valid-at.ts';
import { isoInstant } from '../../time/clock.ts';
import type { Certificate } from '../certificate.ts';
import type { ChainStep } from '../chain-rules.ts';
import { casOf, failedStep, type JudgedPath, type PathRule } from './path-rule.ts';

/**
 * RFC 5280 6.1.3 (a)(2): each certificate is valid now; the validity includes its first and its last instant. The
 * services have one check for the leaf and another check for the CAs, so the leaf and the CAs get separate steps.
 */
export const validNow: PathRule = (judged) => {
  const [leaf] = judged.path;
  if (leaf === undefined) return [];
  // This rule always checks the validity of the leaf, even if the leaf itself is a trusted certificate.
  const own = judge(leaf, 0, judged);
  const cas = casOf(judged)
    .filter(([depth]) => judged.checkAnchorValidity || depth < judged.path.length - 1)
    .map(([depth, ca]) => judge(ca, depth, judged));
  const broken = cas.find((step) => !step.passed);
  const last = cas.at(-1);
  return [own, ...(broken !== undefined ? [broken] : last !== undefined ? [last] : [])];
};

function judge(certificate: Certificate, depth: number, { at }: JudgedPath): ChainStep {
  const { notBefore, notAfter, subject } = certificate;
  const expected = `an instant from ${isoInstant(notBefore)} to ${isoInstant(notAfter)}`;
  if (isValidAt(certificate, at)) return { rule: 'valid-now', depth, passed: true, expected, found: isoInstant(at) };
  const state =
    at < notBefore ? `not yet valid for another ${span(notBefore - at)}` : `expired ${span(at - notAfter)} ago`;
  return failedStep('valid-now', depth, expected, `${isoInstant(at)}: ${subject || 'the certificate'} is ${state}`);
}

/** Formats a duration in the largest unit that fits, rounded down: `3 days`, `5 hours`, `20 seconds`. */
function span(durationMs: number): string {
  const [unit, size] = units.find(([, each]) => durationMs >= each) ?? (['millisecond', 1] as const);
  const count = Math.floor(durationMs / size);
  return `${count} ${unit}${count === 1 ? '' : 's'}`;
}

const units = [
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
  ['second', 1000],
] as const;
