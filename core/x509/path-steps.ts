import type { Certificate } from './certificate.ts';
import type { ChainStep } from './chain-rules.ts';
import type { PathEnd } from './path-search.ts';
import { certificateProfile } from './rules/certificate-profile.ts';
import { pathRules } from './rules/index.ts';
import { casOf, failedStep, isBroken, passedStep, untilBroken, type JudgedPath } from './rules/path-rule.ts';
import { isSignedBy, signatureAlgorithmOf, signatureMisfit } from './signature.ts';

/** The settings of a verification. `unreadable` contains a sentence for each certificate that could not be parsed. */
export type ChainCircumstances = Omit<JudgedPath, 'path'> & {
  readonly strict: boolean;
  readonly unreadable: readonly string[];
};

/** Checks a path against all rules in order. Stops after the first broken rule that is not disabled. */
export function stepsOf(end: PathEnd, circumstances: ChainCircumstances): readonly ChainStep[] {
  const judged: JudgedPath = { ...circumstances, path: end.path };
  const { isDisabled } = circumstances;
  const steps = [...untilBroken(structureOf(end, judged, circumstances.unreadable), isDisabled)];
  for (const rule of circumstances.strict ? [...pathRules, certificateProfile] : pathRules) {
    if (steps.some(isBroken)) return steps;
    steps.push(...untilBroken(rule(judged), isDisabled));
  }
  return steps;
}

/** Checks the structure of the path: completeness, trust and signatures. */
function structureOf(end: PathEnd, judged: JudgedPath, unreadable: readonly string[]): ChainStep[] {
  const { path } = end;
  const top = path.length - 1;
  const last = path[top];
  if (last === undefined) throw new Error('a path without a leaf');
  const readable = passedStep('certificate-readable', judged, 'X.509 certificates', last.subject);
  const { signatureChecks } = judged.meter.limits;
  const between = Math.max(0, top - 1);
  const steps = [
    readable,
    passedStep(
      'chain-within-bounds',
      judged,
      `at most ${signatureChecks} signatures to check`,
      `${between} CAs between`,
    ),
  ];
  const issuer = `the issuer of ${last.subject}, ${last.issuer}`;
  const untrusted = failedStep('chain-trusted', top, 'a trusted certificate', `${last.subject}, which is not trusted`);
  const signed = passedStep('signatures-match', judged, 'each certificate is signed by the next', `${top} signatures`);
  if (end.kind === 'incomplete' || end.kind === 'circle') {
    const found = end.kind === 'circle' ? 'a circle of CAs that sign each other' : missing(end.near, unreadable);
    // The later steps count only if the rule chain-complete is disabled.
    return [...steps, failedStep('chain-complete', top, issuer, found), untrusted, signed];
  }
  steps.push(passedStep('chain-complete', judged, 'each issuer was sent or is trusted', `${path.length} certificates`));
  switch (end.kind) {
    case 'not-signed': {
      const found = mismatch(last, end.issuer);
      return [...steps, failedStep('signatures-match', top, `a signature by ${end.issuer.subject}`, found)];
    }
    case 'untrusted-root': {
      const found = `the self-signed ${last.subject}, which is not trusted`;
      return [...steps, failedStep('chain-trusted', top, 'a trusted certificate', found), signed];
    }
    case 'anchored':
      return [
        ...steps,
        passedStep('chain-trusted', judged, 'a trusted certificate', last.subject),
        unsigned(judged) ?? signed,
      ];
  }
}

/**
 * Finds a wrong signature on a path that ends in a trusted certificate. The search accepts such a path only if the rule
 * signatures-match is disabled.
 */
function unsigned({ path, isDisabled }: JudgedPath): ChainStep | undefined {
  if (!isDisabled('signatures-match', 0)) return undefined;
  for (const [depth, issuer] of casOf({ path })) {
    const below = path[depth - 1];
    if (below === undefined || isSignedBy(below, issuer)) continue;
    return failedStep('signatures-match', depth - 1, `a signature by ${issuer.subject}`, mismatch(below, issuer));
  }
  return undefined;
}

function missing(near: Certificate | undefined, unreadable: readonly string[]): string {
  const named =
    near === undefined
      ? 'no certificate of that name among the sent and the trusted certificates'
      : 'a certificate of that name with another key identifier or serial number';
  return unreadable.length === 0
    ? named
    : `${named}; ${unreadable.length} of the sent and trusted certificates cannot be read (${unreadable[0]})`;
}

function mismatch(certificate: Certificate, issuer: Certificate): string {
  const name = signatureAlgorithmOf(certificate)?.name ?? certificate.signature.algorithm;
  return signatureMisfit(certificate, issuer) ?? `a signature (${name}) by another key`;
}
