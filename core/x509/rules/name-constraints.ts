import { attributeOids } from '../der/oids.ts';
import type { Certificate } from '../certificate.ts';
import type { NameSubtree } from '../extensions.ts';
import { showGeneralName, type GeneralName } from '../general-name.ts';
import { matchesSubtree } from './name-subtree.ts';
import { failedStep, passedStep, type PathRule } from './path-rule.ts';

/**
 * RFC 5280 6.1.3 (b) and (c), 4.2.1.10: every name of a certificate must be inside the subtrees that the CAs above it
 * permit for this form of name. It must be outside the subtrees that these CAs exclude. The rule does not apply to
 * self-issued CAs; it always applies to the leaf. A name that cannot be compared breaks the rule.
 */
export const nameConstraints: PathRule = (judged) => {
  const { path, meter } = judged;
  for (const [depth, certificate] of path.entries()) {
    if (depth > 0 && certificate.selfIssued) continue;
    const above = path.slice(depth + 1).filter((ca) => ca.nameConstraints !== undefined);
    if (above.length === 0) continue;
    const names = namesOf(certificate, depth === 0);
    for (const ca of above) {
      const { permitted, excluded } = ca.nameConstraints ?? { permitted: [], excluded: [] };
      if (!meter.spend('nameComparisons', names.length * (permitted.length + excluded.length))) {
        return [
          failedStep(
            'chain-within-bounds',
            depth,
            'names and constraints that can be compared within the limits',
            meter.exhausted ?? 'too many',
          ),
        ];
      }
      for (const name of names) {
        const violation = violationOf(name, permitted, excluded);
        if (violation !== undefined)
          return [failedStep('name-constraints', depth, `what ${ca.subject} permits`, violation)];
      }
    }
  }
  const count = path.filter((ca) => ca.nameConstraints !== undefined).length;
  return [passedStep('name-constraints', judged, 'names that the CAs permit', `${count} CAs with name constraints`)];
};

/** Returns every name of a certificate that constraints apply to. */
function namesOf(certificate: Certificate, isLeaf: boolean): GeneralName[] {
  const { subjectName, subjectAltName = [] } = certificate;
  const texts = (label: string): string[] =>
    subjectName.attributes.filter(({ oid }) => oid === attributeOids[label]).map(({ text }) => text ?? '');
  const names: GeneralName[] = [...subjectAltName];
  if (subjectName.parts.length > 0) names.push({ form: 'directory', name: subjectName });
  for (const text of texts('emailAddress')) names.push({ form: 'email', text });
  // If a certificate has no DNS name, old clients use the common name as host name. So the constraints must also hold for the
  // common name.
  if (isLeaf && !subjectAltName.some(({ form }) => form === 'dns')) {
    for (const text of texts('CN').filter(looksLikeHost)) names.push({ form: 'dns', text });
  }
  return names;
}

function looksLikeHost(text: string): boolean {
  return /^[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?(\.[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?)+$/i.test(text);
}

/** Describes the name and the constraint that it violates. Returns undefined if the name violates none. */
function violationOf(
  name: GeneralName,
  permitted: readonly NameSubtree[],
  excluded: readonly NameSubtree[],
): string | undefined {
  const shown = showGeneralName(name);
  const allowing = permitted.filter(({ base }) => isSameForm(name, base));
  const forbidding = excluded.filter(({ base }) => isSameForm(name, base));
  const matches = [
    ...allowing.map((subtree) => matchesSubtree(name, subtree, 'permitted')),
    ...forbidding.map((subtree) => matchesSubtree(name, subtree, 'excluded')),
  ];
  const unclear = matches.find((match) => !match.ok);
  if (unclear !== undefined) return `${shown}, ${unclear.failure.sentence}`;
  const isInside = matches.map((match) => match.ok && match.value);
  if (allowing.length > 0 && !isInside.slice(0, allowing.length).includes(true)) {
    return `${shown}, which is outside of ${listOf(allowing)}`;
  }
  const hit = forbidding.find((_, index) => isInside[allowing.length + index] === true);
  return hit === undefined
    ? undefined
    : `${shown}, which ${name.form === 'dns' && name.text.startsWith('*.') ? 'may match names' : 'is'} in the excluded ${listOf([hit])}`;
}

function isSameForm(name: GeneralName, base: GeneralName): boolean {
  if (name.form === 'other' && base.form === 'other') return name.kind === base.kind;
  // RFC 8398 6: constraints on e-mail addresses also apply to e-mail addresses with non-ASCII characters.
  return name.form === base.form || (base.form === 'email' && name.form === 'other' && name.kind === smtpUtf8Mailbox);
}

const smtpUtf8Mailbox = 'otherName 1.3.6.1.5.5.7.8.9';

/** Returns the subtrees as text; names at most four of them. */
function listOf(subtrees: readonly NameSubtree[]): string {
  const shown = subtrees.slice(0, 4).map(({ base }) => showGeneralName(base));
  return shown.join(', ') + (subtrees.length > 4 ? ` and ${subtrees.length - 4} more` : '');
}
