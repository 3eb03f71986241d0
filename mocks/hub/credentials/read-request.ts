import { failedWith, succeeded, type Result } from '../../../core/result.ts';
import { hubProblems, saying, type HubProblem } from '../hub-problems.ts';
import { isJsonObject } from '../twins/json-value.ts';

/** A request of a device for a certificate, in the form of azure-docs `iot-mqtt-connect-to-iot-hub`. */
export interface CredentialRequest {
  /** PKCS #10 in DER, as base64. */
  readonly csr: string;
  /** The `$rid` of the operation to cancel, or `*` for any operation. Undefined if the request cancels none. */
  readonly replace: string | undefined;
}

/** Reads the payload of a request of `deviceId`. */
export function readCredentialRequest(payload: Buffer, deviceId: string): Result<CredentialRequest, HubProblem> {
  if (payload.length === 0) return invalid('Issue certificate request payload is missing.');
  const read = parse(payload);
  if (read === undefined) return failedWith(saying(hubProblems.formatError, 'cannot decode json format'));
  if (!isJsonObject(read.value)) return invalid(`The 'id' field ${otherDevice}`);
  const { id, csr, replace, ...unknown } = read.value;
  if (Object.keys(unknown).length > 0)
    return invalid("The request contains an unknown field. Only 'id', 'csr', and 'replace' fields are allowed.");
  if (typeof id !== 'string' || id === '') return invalid(`The 'id' field ${missing}`);
  if (id !== deviceId) return invalid(`The 'id' field ${otherDevice}`);
  if (typeof csr !== 'string' || csr === '') return invalid(`The 'csr' field ${missing}`);
  if (csr.length > csrLimit)
    return invalid(`The 'csr' field exceeds maximum allowed length of ${csrLimit} characters.`);
  if (!isBase64(csr)) return invalid("The 'csr' field is not valid base64.");
  if (replace === undefined || replace === null) return succeeded({ csr, replace: undefined });
  return typeof replace === 'string' && isReplaceable(replace)
    ? succeeded({ csr, replace })
    : invalid("The 'replace' field has an invalid format.");
}

function invalid(message: string): Result<never, HubProblem> {
  return failedWith(saying(hubProblems.argumentInvalid, message));
}

function parse(payload: Buffer): { readonly value: unknown } | undefined {
  try {
    return { value: JSON.parse(payload.toString('utf8')) as unknown };
  } catch {
    return undefined;
  }
}

function isBase64(text: string): boolean {
  return text.length % 4 === 0 && /^[A-Za-z0-9+/]+={0,2}$/.test(text);
}

/** Returns true for `*`, and for 4 to 36 letters, digits and hyphens that neither begin nor end with a hyphen. */
function isReplaceable(rid: string): boolean {
  return rid === '*' || /^[A-Za-z0-9][A-Za-z0-9-]{2,34}[A-Za-z0-9]$/.test(rid);
}

const csrLimit = 8 * 1024;
const missing = 'is invalid or missing.';
const otherDevice = 'does not match the authenticated device ID.';
