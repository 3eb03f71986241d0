import type { FidelitySettings } from '../../core/cloud/fidelity.ts';
import type { KeyObject } from 'node:crypto';
import type { DecisionTrace } from '../../core/history/decision.ts';
import { isRequestSigned } from '../../core/rules/is-request-signed.ts';
import { readSigningRequest } from '../../core/x509/signing-request.ts';

/** A signing request that passed every check. */
export interface JudgedCsr {
  /** The common name of the request, as the certificate will contain it. */
  readonly name: string;
  readonly key: KeyObject;
}

/**
 * Checks a certificate signing request in base64 of DER. Returns undefined if a check failed; the trace then has the failed check.
 *
 * @param name the name that the request must have as its only common name.
 * @param fidelity the switch that selects the allowed keys.
 */
export async function judgeCsr(
  csr: string,
  name: string,
  isNamed: (commonName: string) => boolean,
  trace: DecisionTrace,
  { csrKeys }: Pick<FidelitySettings, 'csrKeys'>,
): Promise<JudgedCsr | undefined> {
  const read = readSigningRequest(csr);
  const found = read.ok ? 'one' : read.failure.sentence;
  if (!trace.check('csr-readable', read.ok, 'base64 of a PKCS #10 request in DER', found) || !read.ok) return undefined;
  const { commonNames, publicKey } = read.value;
  const kind = keyKindOf(publicKey);
  const allowed = csrKeys === 'any' ? allowedKeys : documentedKeys;
  if (!trace.check('csr-key-allowed', allowed.includes(kind), allowed.join(', '), kind)) return undefined;
  if (!(await isRequestSigned(read.value, trace))) return undefined;
  const [commonName = 'no common name'] = commonNames;
  const same = isNamed(commonName);
  const named = commonNames.length === 1 && same;
  return trace.check('csr-name-matches', named, name, commonNames.join(' and ') || commonName)
    ? { name: commonName, key: publicKey }
    : undefined;
}

/**
 * The types of keys for which the mock issues certificates. Azure does not document the types that the real service
 * accepts.
 */
const documentedKeys: readonly string[] = ['P-384'];

const allowedKeys: readonly string[] = ['P-256', 'P-384', 'P-521', 'RSA-2048', 'RSA-3072', 'RSA-4096'];

function keyKindOf({ asymmetricKeyType, asymmetricKeyDetails }: KeyObject): string {
  const { modulusLength = 0, namedCurve = 'unnamed' } = asymmetricKeyDetails ?? {};
  if (asymmetricKeyType === 'rsa') return `RSA-${modulusLength}`;
  return asymmetricKeyType === 'ec' ? (curves[namedCurve] ?? namedCurve) : (asymmetricKeyType ?? 'unknown');
}

const curves: Readonly<Record<string, string>> = { prime256v1: 'P-256', secp384r1: 'P-384', secp521r1: 'P-521' };
