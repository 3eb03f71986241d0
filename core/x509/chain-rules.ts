/** The rules for a chain, in the order of verification. The text is the condition that a valid chain meets. */
export const chainRules = {
  'certificate-readable': 'the certificate can be read',
  'chain-within-bounds': 'the chain is within the limits of size and verification work',
  'chain-complete': 'the issuer of each certificate was sent or is trusted',
  'chain-trusted': 'the chain ends in a trusted certificate',
  'signatures-match': 'each certificate is signed by the next',
  'algorithms-strong': 'keys and signatures have a strength of 112 bits or more',
  'valid-now': 'each certificate is valid now',
  'basic-constraints': 'each issuer is a CA',
  'path-length': 'no CA has more CAs below it than its path length allows',
  'key-usage': 'the key usage of each certificate permits its use',
  'extended-key-usage': 'the extended key usage of each certificate permits this purpose',
  'name-constraints': 'the name constraints of the CAs permit the names in the certificates below them',
  'critical-extensions-known': 'every critical extension is supported',
  'certificate-policies': 'the chain has a certificate policy if a CA requires one',
  'certificate-profile':
    'each certificate has the form that RFC 5280 section 4 requires (checked only if the caller requests it)',
} as const satisfies Record<string, string>;

export type ChainRule = keyof typeof chainRules;

/**
 * The purpose for which the leaf is used. `any` ignores the key usage and the extended key usage of the leaf, and the extended
 * key usage of the CAs.
 */
export type Purpose = 'clientAuth' | 'serverAuth' | 'any';

/**
 * The result of one rule. `depth` is the position of a certificate in the chain; the leaf has 0. If the rule passed, it is the
 * depth of the last certificate.
 */
export interface ChainStep {
  readonly rule: ChainRule;
  readonly depth: number;
  readonly passed: boolean;
  readonly expected: string;
  readonly found: string;
  /** The rule is broken but disabled, so the verdict ignores it. */
  readonly disabled?: true;
}

/** Returns true if the verdict ignores that the chain breaks this rule at this depth. */
export type IsRuleDisabled = (rule: ChainRule, depth: number) => boolean;
