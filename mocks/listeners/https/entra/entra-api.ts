import { exportJWK } from 'jose';
import type { EntraDirectory } from '../../../entra/entra-directory.ts';
import { issueToken, type TokenError } from '../../../entra/issue-token.ts';
import { isoInstant } from '../../../../core/time/clock.ts';
import type { HttpAnswer, HttpApi, HttpRequest } from '../http-api.ts';

/** The host name of Entra ID. Clients on this computer may also use other names with the ID of the tenant in the path. */
const entraHost = 'login.microsoftonline.com';

/**
 * Entra ID over HTTPS, as far as a client with a secret needs it. It serves the discovery of the tenant (OpenID Connect
 * Discovery 1.0), its public keys (RFC 7517) and the token endpoint for client credentials (RFC 6749 4.4).
 */
export function entraApi(entra: EntraDirectory): HttpApi {
  return {
    claims: ({ host, path }) => host === entraHost || path[0]?.toLowerCase() === entra.tenantId,
    answer: async (request) => ({
      ...(await answer(entra, request)),
      caller: 'service client',
      service: entraHost,
    }),
  };
}

type Answer = Omit<HttpAnswer, 'caller' | 'service'>;

async function answer(entra: EntraDirectory, request: HttpRequest): Promise<Answer> {
  const [tenant = '', ...rest] = request.path;
  const place = `${request.method} ${rest.join('/').toLowerCase()}`;
  if (`${tenant}/${rest.join('/')}`.toLowerCase() === 'common/discovery/instance')
    return instanceDiscovery(entra, request);
  if (tenant.toLowerCase() !== entra.tenantId) {
    const sentence = `Tenant '${tenant.slice(0, 100)}' not found.`;
    return written(entra, { status: 400, error: 'invalid_tenant', number: 90002, sentence });
  }
  switch (place) {
    case 'GET v2.0/.well-known/openid-configuration':
    case 'GET .well-known/openid-configuration':
      return { status: 200, body: discovery(entra, request) };
    case 'GET discovery/v2.0/keys':
    case 'GET discovery/keys':
      return { status: 200, body: { keys: [await publicKey(entra)] } };
    case 'POST oauth2/v2.0/token':
    case 'POST oauth2/token':
      return token(entra, request);
    default:
      return written(entra, { status: 400, error: 'invalid_request', number: 900144, sentence: 'Unknown endpoint.' });
  }
}

function discovery({ tenantId }: EntraDirectory, { headers }: HttpRequest): object {
  const base = `https://${headers['host'] ?? entraHost}/${tenantId}`;
  return {
    token_endpoint: `${base}/oauth2/v2.0/token`,
    token_endpoint_auth_methods_supported: ['client_secret_post'],
    jwks_uri: `${base}/discovery/v2.0/keys`,
    response_modes_supported: ['query', 'fragment', 'form_post'],
    subject_types_supported: ['pairwise'],
    id_token_signing_alg_values_supported: ['RS256'],
    response_types_supported: ['code', 'id_token', 'code id_token', 'id_token token'],
    scopes_supported: ['openid', 'profile', 'email', 'offline_access'],
    issuer: `${base}/v2.0`,
    request_uri_parameter_supported: false,
    authorization_endpoint: `${base}/oauth2/v2.0/authorize`,
    tenant_region_scope: null,
    cloud_instance_name: 'microsoftonline.com',
  };
}

/** Answers a request of MSAL for the hosts that belong to the same Azure cloud as its authority. */
function instanceDiscovery({ tenantId }: EntraDirectory, { headers }: HttpRequest): Answer {
  const host = headers['host'] ?? entraHost;
  return {
    status: 200,
    body: {
      tenant_discovery_endpoint: `https://${host}/${tenantId}/v2.0/.well-known/openid-configuration`,
      'api-version': '1.1',
      metadata: [{ preferred_network: host, preferred_cache: host, aliases: [host] }],
    },
  };
}

async function publicKey(entra: EntraDirectory): Promise<object> {
  const { kid, publicKey: key } = await entra.signingKey();
  return {
    ...(await exportJWK(key)),
    use: 'sig',
    kid,
    x5t: kid,
    issuer: `https://${entraHost}/${entra.tenantId}/v2.0`,
  };
}

async function token(entra: EntraDirectory, { body, headers }: HttpRequest): Promise<Answer> {
  const isForm = headers['content-type']?.toLowerCase().startsWith('application/x-www-form-urlencoded') === true;
  if (!isForm || body === undefined) {
    const sentence = 'The request body must have the content type application/x-www-form-urlencoded.';
    return written(entra, { status: 400, error: 'invalid_request', number: 900144, sentence });
  }
  const issued = await issueToken(entra, new URLSearchParams(body.toString('utf8')));
  if (!issued.ok) return written(entra, issued.failure);
  const { accessToken, expiresIn } = issued.value;
  return {
    status: 200,
    headers: { 'Cache-Control': 'no-store, no-cache' },
    body: { token_type: 'Bearer', expires_in: expiresIn, ext_expires_in: expiresIn, access_token: accessToken },
    secret: true,
  };
}

function written(entra: EntraDirectory, { status, error, number, sentence }: TokenError): Answer {
  const [traceId, correlationId] = [entra.newId(), entra.newId()];
  const timestamp = `${isoInstant(entra.now()).slice(0, 19).replace('T', ' ')}Z`;
  const details = `Trace ID: ${traceId} Correlation ID: ${correlationId} Timestamp: ${timestamp}`;
  return {
    status,
    body: {
      error,
      error_description: `AADSTS${number}: ${sentence} ${details}`,
      error_codes: [number],
      timestamp,
      trace_id: traceId,
      correlation_id: correlationId,
    },
  };
}
