import type { Purpose } from '../chain-rules.ts';
import type { KeyUsage } from '../extensions.ts';
import { casOf, failedStep, passedStep, type PathRule } from './path-rule.ts';

/**
 * RFC 5280 6.1.4 (n): the key usage of an issuer must permit signing certificates. RFC 5280 4.2.1.12: the key usage of a leaf
 * must permit TLS. A certificate without key usage may do both.
 */
export const keyUsage: PathRule = (judged) => {
  const own = judged.path[0]?.keyUsage;
  const wanted = leafUsages[judged.purpose];
  if (own !== undefined && wanted.length > 0 && !wanted.some((usage) => own.has(usage))) {
    return [failedStep('key-usage', 0, `a leaf with key usage ${wanted.join(' or ')}`, [...own].join(', '))];
  }
  for (const [depth, { keyUsage: usage, subject }] of casOf(judged)) {
    if (usage !== undefined && !usage.has('keyCertSign')) {
      return [
        failedStep('key-usage', depth, `an issuer with key usage keyCertSign`, `${subject}: ${[...usage].join(', ')}`),
      ];
    }
  }
  return [
    passedStep(
      'key-usage',
      judged,
      'the key usage of each certificate permits its use',
      own === undefined ? 'no limit' : [...own].join(', '),
    ),
  ];
};

const leafUsages: Readonly<Record<Purpose, readonly KeyUsage[]>> = {
  clientAuth: ['digitalSignature', 'keyAgreement'],
  serverAuth: ['digitalSignature', 'keyEncipherment', 'keyAgreement'],
  any: [],
};
