/** Every rule that a chain can break, in the order in which they are judged, each with what holds when it is kept. */
export const chainRules = {
  'certificate-readable': 'the certificate can be read',
  'chain-within-bounds': 'the chain is short and small enough to be judged',
  'chain-complete': 'the issuer of each certificate was sent or is trusted',
  'chain-trusted': 'the chain ends in a trusted certificate',
  'signatures-match': 'each certificate is signed by the next',
  'algorithms-strong': 'keys and signatures have a strength of 112 bits or more',
  'valid-now': 'each certificate is valid at this instant',
  'basic-constraints': 'each issuer is a CA',
  'path-length': 'no CA has more CAs below it than it allows',
  'key-usage': 'each key is used for what its certificate allows',
  'extended-key-usage': 'each certificate may be used for this purpose',
  'name-constraints': 'the CAs permit the names below them',
  'critical-extensions-known': 'every critical extension is understood',
  'certificate-policies': 'where a CA asks for a policy, the chain has one',
  'certificate-profile': 'each certificate is made as RFC 5280 section 4 asks (judged on request only)',
} as const satisfies Record<string, string>;

export type ChainRule = keyof typeof chainRules;

/** What the leaf is to be used for. `any` leaves both key usages of the leaf alone, and the extended one of the CAs. */
export type Purpose = 'clientAuth' | 'serverAuth' | 'any';

/** One rule, judged. `depth` counts from the leaf, 0; where a rule passes for the whole path it is that of the last certificate. */
export interface ChainStep {
  readonly rule: ChainRule;
  readonly depth: number;
  readonly passed: boolean;
  readonly expected: string;
  readonly found: string;
  /** It failed, and the verdict goes on as if nobody had looked. */
  readonly disabled?: true;
}

/** Says of a rule, broken at that depth, that the verdict is to go on as if nobody had looked. */
export type IsRuleDisabled = (rule: ChainRule, depth: number) => boolean;
