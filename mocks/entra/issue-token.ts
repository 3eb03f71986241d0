import { SignJWT } from 'jose';
import { timingSafeEqual } from 'node:crypto';
import { failedWith, succeeded, type Result } from '../../core/result.ts';
import type { EntraDirectory } from './entra-directory.ts';

/** An error of the token endpoint: the code of OAuth 2.0 (RFC 6749 5.2), and the number and sentence of Entra ID. */
export interface TokenError {
  readonly status: 400 | 401;
  readonly error: string;
  readonly number: number;
  readonly sentence: string;
}

/** An access token, and its lifetime in seconds. */
interface IssuedToken {
  readonly accessToken: string;
  readonly expiresIn: number;
}

/**
 * Answers a request of the client credentials flow (RFC 6749 4.4).
 *
 * @param form the fields of the body. `scope` is `{resource}/.default`, or `resource` names the resource (version 1.0).
 */
export async function issueToken(
  entra: EntraDirectory,
  form: URLSearchParams,
): Promise<Result<IssuedToken, TokenError>> {
  const problem = problemOf(entra, form);
  if (problem !== undefined) return failedWith(problem);
  const application = entra.findApplication(form.get('client_id') ?? '');
  const audience = resourceIn(form);
  if (application === undefined || audience === undefined) throw new Error('the request was not checked');
  const { kid, privateKey } = await entra.signingKey();
  const issuedAt = Math.floor(entra.now() / 1000);
  const { clientId, objectId } = application;
  const accessToken = await new SignJWT({
    aud: audience,
    iss: entra.issuer,
    iat: issuedAt,
    nbf: issuedAt,
    exp: issuedAt + lifeSeconds,
    appid: clientId,
    appidacr: '1',
    idp: entra.issuer,
    idtyp: 'app',
    oid: objectId,
    sub: objectId,
    tid: entra.tenantId,
    uti: entra.newId(),
    ver: '1.0',
  })
    .setProtectedHeader({ typ: 'JWT', alg: 'RS256', x5t: kid, kid })
    .sign(privateKey);
  return succeeded({ accessToken, expiresIn: lifeSeconds });
}

function problemOf(entra: EntraDirectory, form: URLSearchParams): TokenError | undefined {
  const grant = form.get('grant_type');
  if (grant !== 'client_credentials') {
    return refusal('unsupported_grant_type', 70003, `The grant type '${grant ?? ''}' is not supported.`);
  }
  const application = entra.findApplication(form.get('client_id') ?? '');
  if (application === undefined) {
    const sentence = `Application '${form.get('client_id') ?? ''}' was not found in the directory '${entra.tenantId}'.`;
    return refusal('unauthorized_client', 700016, sentence);
  }
  if (!isEqual(form.get('client_secret') ?? '', application.clientSecret)) {
    return { ...refusal('invalid_client', 7000215, 'Invalid client secret provided.'), status: 401 };
  }
  if (resourceIn(form) !== undefined) return undefined;
  const sentence = `The scope '${form.get('scope') ?? ''}' is not valid; it must be a resource with /.default.`;
  return refusal('invalid_scope', 70011, sentence);
}

function refusal(error: string, number: number, sentence: string): TokenError {
  return { status: 400, error, number, sentence: sentence.slice(0, 400) };
}

/** Returns the resource that a request names, without a slash at the end. */
function resourceIn(form: URLSearchParams): string | undefined {
  const scope = form.get('scope');
  const resource = scope === null ? form.get('resource') : resourceOfScope(scope);
  return resource === null || resource === undefined ? undefined : withoutSlashes(resource);
}

/** Returns the resource of a scope such as `https://iothubs.azure.net/.default`. Undefined for other scopes. */
function resourceOfScope(scope: string): string | undefined {
  const suffix = '/.default';
  const isResource = scope.startsWith('https://') && scope.endsWith(suffix) && !/\s/.test(scope);
  const resource = isResource ? withoutSlashes(scope.slice(0, -suffix.length)) : '';
  return resource.length > 'https://'.length ? resource : undefined;
}

function withoutSlashes(text: string): string {
  let end = text.length;
  while (text[end - 1] === '/') end -= 1;
  return text.slice(0, end);
}

function isEqual(given: string, secret: string): boolean {
  const [one, other] = [Buffer.from(given), Buffer.from(secret)];
  return one.length === other.length && timingSafeEqual(one, other);
}

/** The lifetime of a token: one second less than an hour, as in recorded answers. */
const lifeSeconds = 3599;
