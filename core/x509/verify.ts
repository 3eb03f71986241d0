import { defined } from '../defined.ts';
import { succeeded, type Result } from '../result.ts';
import type { Millis } from '../time/clock.ts';
import { parseCertificate, type Certificate } from './certificate.ts';
import { chainRules, type ChainRule, type ChainStep, type IsRuleDisabled, type Purpose } from './chain-rules.ts';
import { defaultLimits, WorkMeter, type ChainLimits, type ChainWork } from './limits.ts';
import { passedBefore, rememberPassed, type PassedVerdict, type VerifiedInput } from './passed-verdicts.ts';
import { findPaths } from './path-search.ts';
import { stepsOf } from './path-steps.ts';
import { failedStep, isBroken, type JudgedPath } from './rules/path-rule.ts';
import { validNow } from './rules/valid-now.ts';

export { chainRules, type ChainRule, type Purpose } from './chain-rules.ts';

/** A chain to verify, with the trusted certificates and the settings. Certificates are DER or already parsed. */
export interface ChainRequest {
  readonly leaf: Buffer | Certificate;
  /**
   * The other certificates that the peer sent, in any order. The verification ignores certificates that do not belong
   * to the chain.
   */
  readonly presented: readonly (Buffer | Certificate)[];
  /** The trusted certificates; they need not be roots. A path ends at the first trusted certificate. */
  readonly anchors: readonly (Buffer | Certificate)[];
  /** The instant at which the chain is verified. */
  readonly at: Millis;
  readonly purpose: Purpose;
  /**
   * If true, the trusted certificate must be valid too, as OpenSSL requires. RFC 5280 6.1 does not decide this. Default: true.
   */
  readonly checkAnchorValidity?: boolean;
  /** If true, the certificates must also have the form of RFC 5280 section 4 (rule `certificate-profile`). Default: false. */
  readonly strict?: boolean;
  readonly limits?: Partial<ChainLimits>;
  /**
   * Returns true for a rule that the verdict ignores. Default: the verdict ignores no rule. The work limits always
   * apply.
   */
  readonly isDisabled?: IsRuleDisabled;
}

/**
 * The verdict on a chain. `steps` contains the rules in the order of verification. If `ok` is false, the last step failed. Any
 * other failed step belongs to a disabled rule.
 */
export type ChainVerdict =
  | PassedVerdict
  | {
      readonly ok: false;
      readonly rule: ChainRule;
      /** Position of the certificate that breaks the rule. The leaf has 0. */
      readonly depth: number;
      /** Subject of the certificate that breaks the rule, if it could be parsed. */
      readonly certificate?: string;
      readonly expected: string;
      readonly found: string;
      readonly sentence: string;
      /** The path that passed the most rules, from the leaf upwards. Empty if the search tried no path. */
      readonly path: readonly Certificate[];
      readonly steps: readonly ChainStep[];
      readonly work: ChainWork;
    };

/**
 * Verifies a chain of certificates at a given instant by RFC 5280 section 6. The chain passes if one path from the leaf to a
 * trusted certificate passes every rule. Otherwise the verdict names the rule that the best path failed. The function never
 * throws, and `ChainLimits` bound its work.
 *
 * If a chain passed, the function uses its verdict again for the same certificates. Each call still checks the validity
 * periods.
 *
 * The function does not check revocation lists, because DPS does not check them either.
 */
export function verifyChain(request: ChainRequest): ChainVerdict {
  const meter = new WorkMeter({ ...defaultLimits, ...request.limits });
  const { presented } = request;
  const { isDisabled = () => false } = request;
  const excess = excessOf(request, meter.limits);
  if (excess !== undefined && !isDisabled(excess.rule, 0)) return refuse([excess], [], meter);
  const leaf = read(request.leaf, meter);
  if (!leaf.ok)
    return refuse([failedStep('certificate-readable', 0, 'an X.509 certificate', leaf.failure.sentence)], [], meter);
  const anchors = request.anchors.map((anchor) => read(anchor, meter));
  const others = presented.map((certificate) => read(certificate, meter));
  const circumstances = {
    at: request.at,
    purpose: request.purpose,
    checkAnchorValidity: request.checkAnchorValidity ?? true,
    meter,
    isDisabled,
    strict: request.strict ?? false,
    unreadable: [...others, ...anchors].flatMap((other) => (other.ok ? [] : [other.failure.sentence])),
  };
  const search = {
    leaf: leaf.value,
    presented: readable(others),
    anchors: readable(anchors),
    at: request.at,
    meter,
    isDisabled,
  };
  const isOrdinary =
    request.isDisabled === undefined && request.limits === undefined && circumstances.unreadable.length === 0;
  const input = isOrdinary ? { ...circumstances, ...search } : undefined;
  const known = input && passedAgain(input, circumstances);
  if (known !== undefined) return known;
  let best: Attempt | undefined;
  for (const end of findPaths(search)) {
    const ignored = excess === undefined ? [] : [{ ...excess, disabled: true } as const];
    const steps = [...ignored, ...stepsOf(end, circumstances)];
    if (!steps.some(isBroken)) {
      const verdict = { ok: true, path: end.path, steps, work: meter.work } as const;
      if (input !== undefined) rememberPassed(input, verdict);
      return verdict;
    }
    const attempt = {
      steps,
      path: end.path,
      progress: end.kind === 'anchored' ? 1000 + steps.length : end.path.length * 10 + steps.length,
    };
    if (best === undefined || attempt.progress > best.progress) best = attempt;
    if (meter.exhausted !== undefined) break;
  }
  if (meter.exhausted !== undefined || best === undefined) {
    const expected = 'a chain within the limits of verification work';
    return refuse(
      [failedStep('chain-within-bounds', 0, expected, meter.exhausted ?? 'too much work')],
      [leaf.value],
      meter,
    );
  }
  return refuse(best.steps, best.path, meter);
}

/**
 * Returns an earlier verdict on the same certificates, with new steps for the validity at this instant. Returns
 * undefined if no verdict is stored, or if a certificate of its path is not valid now.
 */
function passedAgain(input: VerifiedInput, circumstances: Omit<JudgedPath, 'path'>): PassedVerdict | undefined {
  const known = passedBefore(input);
  if (known === undefined) return undefined;
  const dated = validNow({ ...circumstances, path: known.path });
  if (dated.some(isBroken)) return undefined;
  const first = known.steps.findIndex(({ rule }) => rule === 'valid-now');
  const steps = known.steps.filter(({ rule }) => rule !== 'valid-now');
  return { ...known, steps: [...steps.slice(0, first), ...dated, ...steps.slice(first)] };
}

interface Attempt {
  readonly steps: readonly ChainStep[];
  readonly path: readonly Certificate[];
  /**
   * Rank of the path. Paths that end in a trusted certificate come first, ordered by the number of passed rules; other paths
   * follow, ordered by length.
   */
  readonly progress: number;
}

/** Checks the total size of the certificates before the parser reads any of them. */
function excessOf({ leaf, presented }: ChainRequest, limits: ChainLimits): ChainStep | undefined {
  const octets = [leaf, ...presented].reduce((sum, part) => sum + (Buffer.isBuffer(part) ? part : part.der).length, 0);
  if (octets <= limits.octets) return undefined;
  return failedStep('chain-within-bounds', 0, `at most ${limits.octets} octets of certificates`, `${octets} octets`);
}

function read(source: Buffer | Certificate, meter: WorkMeter): Result<Certificate> {
  if (!Buffer.isBuffer(source)) return succeeded(source);
  meter.certificatesRead++;
  return parseCertificate(source);
}

function readable(certificates: readonly Result<Certificate>[]): Certificate[] {
  return certificates.flatMap((parsed) => (parsed.ok ? [parsed.value] : []));
}

/** Creates the verdict on a chain that failed. @param steps steps of the best path; the last step failed. */
function refuse(steps: readonly ChainStep[], path: readonly Certificate[], meter: WorkMeter): ChainVerdict {
  const last = steps.at(-1);
  if (last === undefined) throw new Error('a chain was refused without a reason');
  const { rule, depth, expected, found } = last;
  const place = depth === 0 ? 'the leaf' : `the certificate ${depth} above the leaf`;
  const sentence = `${rule}, at ${place}: expected ${expected}, found ${found} (the rule: ${chainRules[rule]})`;
  const certificate = path[depth]?.subject;
  return {
    ok: false,
    rule,
    depth,
    ...defined({ certificate }),
    expected,
    found,
    sentence,
    path,
    steps,
    work: meter.work,
  };
}
