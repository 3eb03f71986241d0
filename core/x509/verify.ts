import type { Millis } from '../time/clock.ts';
import { parseCertificate, type Certificate, type ParsedCertificate } from './certificate.ts';
import { chainRules, type ChainRule, type ChainStep, type IsRuleDisabled, type Purpose } from './chain-rules.ts';
import { defaultLimits, WorkMeter, type ChainLimits, type ChainWork } from './limits.ts';
import { findPaths } from './path-search.ts';
import { stepsOf } from './path-steps.ts';
import { failedStep, isBroken } from './rules/path-rule.ts';

export { chainRules, type ChainRule, type Purpose } from './chain-rules.ts';

export interface ChainRequest {
  readonly leaf: Buffer | Certificate;
  /** What the peer sent beside its leaf, in any order; what does not belong there is passed over. */
  readonly presented: readonly (Buffer | Certificate)[];
  /** Trusted certificates, roots or not: the first on the way up ends the path. */
  readonly anchors: readonly (Buffer | Certificate)[];
  readonly at: Millis;
  readonly purpose: Purpose;
  /** Whether the trusted certificate must be valid too, as OpenSSL asks and RFC 5280 6.1 leaves open. Default: yes. */
  readonly checkAnchorValidity?: boolean;
  /** Whether certificates must also be made as RFC 5280 section 4 asks (rule `certificate-profile`). Default: no. */
  readonly strict?: boolean;
  readonly limits?: Partial<ChainLimits>;
  /** Rules that nobody is to look at. Default: none. What bounds the work is kept all the same. */
  readonly isDisabled?: IsRuleDisabled;
}

/**
 * The verdict on a chain. `steps` are the rules in the order they were judged, the last one failed where `ok` is false;
 * others failed only where they were disabled.
 */
export type ChainVerdict =
  | {
      readonly ok: true;
      /** From the leaf to the trusted certificate. */
      readonly path: readonly Certificate[];
      readonly steps: readonly ChainStep[];
      readonly work: ChainWork;
    }
  | {
      readonly ok: false;
      readonly rule: ChainRule;
      /** 0 is the leaf. */
      readonly depth: number;
      /** Subject of the certificate that breaks the rule, where it could be read. */
      readonly certificate?: string;
      readonly expected: string;
      readonly found: string;
      readonly sentence: string;
      /** The path that came furthest, from the leaf as far as it leads; empty where none was looked at. */
      readonly path: readonly Certificate[];
      readonly steps: readonly ChainStep[];
      readonly work: ChainWork;
    };

/**
 * Judges a chain of certificates at a given instant by RFC 5280 section 6: any path from the leaf to a trusted
 * certificate that keeps every rule is good. If there is none, the verdict names the rule that the path broke which came
 * furthest. Nothing is thrown, whatever the peer sent, and the work is bounded (`ChainLimits`).
 *
 * No list of revoked certificates is looked at: DPS looks at none either.
 */
export function verifyChain(request: ChainRequest): ChainVerdict {
  const meter = new WorkMeter({ ...defaultLimits, ...request.limits });
  const { presented } = request;
  const { isDisabled = () => false } = request;
  const excess = excessOf(request, meter.limits);
  if (excess !== undefined && !isDisabled(excess.rule, 0)) return refuse([excess], [], meter);
  const leaf = read(request.leaf, meter);
  if (!leaf.ok) return refuse([failedStep('certificate-readable', 0, 'an X.509 certificate', leaf.problem)], [], meter);
  const anchors = request.anchors.map((anchor) => read(anchor, meter));
  const others = presented.map((certificate) => read(certificate, meter));
  const circumstances = {
    at: request.at,
    purpose: request.purpose,
    checkAnchorValidity: request.checkAnchorValidity ?? true,
    meter,
    isDisabled,
    strict: request.strict ?? false,
    unreadable: [...others, ...anchors].flatMap((other) => (other.ok ? [] : [other.problem])),
  };
  const search = {
    leaf: leaf.certificate,
    presented: readable(others),
    anchors: readable(anchors),
    at: request.at,
    meter,
    isDisabled,
  };
  let best: Attempt | undefined;
  for (const end of findPaths(search)) {
    const ignored = excess === undefined ? [] : [{ ...excess, disabled: true } as const];
    const steps = [...ignored, ...stepsOf(end, circumstances)];
    if (!steps.some(isBroken)) return { ok: true, path: end.path, steps, work: meter.work };
    const attempt = {
      steps,
      path: end.path,
      progress: end.kind === 'anchored' ? 1000 + steps.length : end.path.length * 10 + steps.length,
    };
    if (best === undefined || attempt.progress > best.progress) best = attempt;
    if (meter.exhausted !== undefined) break;
  }
  if (meter.exhausted !== undefined || best === undefined) {
    const expected = 'a chain that takes no more work than is allowed';
    return refuse(
      [failedStep('chain-within-bounds', 0, expected, meter.exhausted ?? 'too much work')],
      [leaf.certificate],
      meter,
    );
  }
  return refuse(best.steps, best.path, meter);
}

interface Attempt {
  readonly steps: readonly ChainStep[];
  readonly path: readonly Certificate[];
  /** How far it came: a path to a trusted certificate before all others, by the rules it keeps; else by its length. */
  readonly progress: number;
}

/** Looks at sizes only: nothing of an oversized chain is read. */
function excessOf({ leaf, presented }: ChainRequest, limits: ChainLimits): ChainStep | undefined {
  const octets = [leaf, ...presented].reduce((sum, part) => sum + (Buffer.isBuffer(part) ? part : part.der).length, 0);
  if (octets <= limits.octets) return undefined;
  return failedStep('chain-within-bounds', 0, `at most ${limits.octets} octets of certificates`, `${octets} octets`);
}

function read(source: Buffer | Certificate, meter: WorkMeter): ParsedCertificate {
  if (!Buffer.isBuffer(source)) return { ok: true, certificate: source };
  meter.certificatesRead++;
  return parseCertificate(source);
}

function readable(certificates: readonly ParsedCertificate[]): Certificate[] {
  return certificates.flatMap((parsed) => (parsed.ok ? [parsed.certificate] : []));
}

/** @param steps the last one failed. */
function refuse(steps: readonly ChainStep[], path: readonly Certificate[], meter: WorkMeter): ChainVerdict {
  const last = steps.at(-1);
  if (last === undefined) throw new Error('a chain was refused without a reason');
  const { rule, depth, expected, found } = last;
  const who = depth === 0 ? 'the leaf' : `the certificate ${depth} above the leaf`;
  const sentence = `${rule}, at ${who}: expected ${expected}, found ${found} (the rule: ${chainRules[rule]})`;
  const certificate = path[depth];
  const subject = certificate === undefined ? {} : { certificate: certificate.subject };
  return { ok: false, rule, depth, ...subject, expected, found, sentence, path, steps, work: meter.work };
}
