import type { History } from '../../../core/history/history.ts';
import type { Credentials } from '../../shared/credentials.ts';
import type { Hub } from '../../hub/hub.ts';
import { recordUnknownHub } from '../../hub/wire-rules/judge-connect.ts';
import { readBearerToken, type BearerToken } from '../../entra/bearer-token.ts';
import { mayOpenConnection, serviceRefusal, type ServiceNeed } from '../../hub/wire-rules/service-access.ts';
import { parseAudience, parseHubUser } from './hub/hub-address.ts';
import type { Probation } from '../shared/probation.ts';
import type { ConnectionCredentials } from '../../shared/credentials.ts';

interface ClaimsParts {
  readonly hubs: ReadonlyMap<string, Hub>;
  readonly history: History;
  readonly credentials: ConnectionCredentials;
  readonly probation: Probation;
  /** Replaces the token of a connected device. Returns undefined if the device is not connected over this connection. */
  renew(hub: Hub, deviceId: string, credentials: Credentials): boolean | undefined;
}

/** The tokens of a connection (from SASL and put-token), and its certificate. */
export class AmqpClaims {
  readonly #parts: ClaimsParts;
  /** Tokens by host, or by host and device. */
  readonly #tokens = new Map<string, string>();
  /** The token of Entra ID, which is valid for all hubs. */
  #bearer: BearerToken | undefined;

  constructor(parts: ClaimsParts) {
    this.#parts = parts;
  }

  /** Verifies a login with SASL `PLAIN`, either of a device or with a policy of the service side. */
  logIn(user: string, token: string): boolean {
    const target = parseHubUser(user);
    const hub = [...this.#parts.hubs.values()].find(
      ({ host }) => host === target?.hub || host.split('.', 1)[0] === target?.hub,
    );
    if (target === undefined || hub === undefined) return this.refuse('unknown', target?.hub ?? user);
    return this.#accept(hub, target.deviceId, token);
  }

  /**
   * Verifies a token that a client sends to `$cbs` (put-token), and stores the token if it is valid.
   *
   * @param name audience of the token: `{host}`, `{host}/devices/{id}` or `{host}/devices/{id}/modules/{moduleId}`.
   */
  putToken(name: unknown, token: string): PutTokenAnswer {
    const audience = parseAudience(name);
    const hub = this.#parts.hubs.get(audience?.host ?? '');
    const { host = 'nothing', deviceId, moduleId } = audience ?? {};
    if (hub === undefined) {
      this.refuse(deviceId ?? (audience === undefined ? 'unknown' : 'service'), host);
      return unauthorized;
    }
    const registered = deviceId === undefined ? undefined : hub.nameOf(deviceId, moduleId);
    if (this.#accept(hub, registered, token)) return { status: 200, description: 'OK' };
    if (registered === undefined || hub.identities.find(registered) !== undefined) return unauthorized;
    // Recorded: c#1413, node#777.
    return { status: 404, description: `Device ${registered} at IotHub ${host.split('.', 1)[0]} not registered.` };
  }

  /**
   * Returns the credentials of a device. The token of the device comes first, then a token for the whole hub, then the
   * certificate of the connection.
   */
  of(hub: Hub, deviceId: string): Credentials {
    const { credentials } = this.#parts;
    const token = this.#tokens.get(keyOf(hub, deviceId)) ?? this.#tokens.get(hub.host);
    return token === undefined ? credentials : { ...credentials, token };
  }

  /**
   * Verifies a token of Entra ID that a client sends to `$cbs`, and stores the token if it is valid. The session
   * authorizes each link and each message later.
   *
   * @param hub the hub for which the client opened the connection.
   */
  async putBearer(hub: Hub | undefined, token: string): Promise<PutTokenAnswer> {
    const bearer = hub?.entra === undefined ? undefined : await readBearerToken(token, hub.entra);
    if (hub === undefined || bearer === undefined) {
      this.refuse('service', hub?.host ?? 'nothing');
      return unauthorized;
    }
    const { credentials, history, probation } = this.#parts;
    const need = { right: 'ServiceConnect', actions: [] } as const;
    if (serviceRefusal(hub, need, { credentials, path: [] }, bearer, history) !== undefined) return unauthorized;
    probation.admit();
    this.#bearer = bearer;
    return { status: 200, description: 'OK' };
  }

  /**
   * Returns true if the tokens of the connection let the service side use `path` of the hub.
   *
   * @param actions the permissions that a token of Entra ID needs; undefined if the path does not accept such tokens.
   */
  mayServe(hub: Hub, path: readonly string[], actions: ServiceNeed['actions']): boolean {
    const token = this.#tokens.get(hub.host);
    const credentials = token === undefined ? { certificates: [] } : { certificates: [], token };
    const bearer = token === undefined ? this.#bearer : undefined;
    const need = { right: 'ServiceConnect', actions } as const;
    return serviceRefusal(hub, need, { credentials, path }, bearer, this.#parts.history) === undefined;
  }

  /** Returns the hub to which all tokens belong; undefined if there are no tokens or they belong to several hubs. */
  onlyHub(): Hub | undefined {
    const hosts = new Set([...this.#tokens.keys()].map((key) => key.split('/', 1)[0] ?? ''));
    const [host] = hosts;
    return hosts.size === 1 && host !== undefined ? this.#parts.hubs.get(host) : undefined;
  }

  /** Records the refusal of a client that names no hub. Always returns false. */
  refuse(subject: string, host: string): false {
    const { history, credentials } = this.#parts;
    recordUnknownHub({ subject, host, from: credentials.from }, history);
    return false;
  }

  #accept(hub: Hub, deviceId: string | undefined, token: string): boolean {
    // Verifies only the token, even if the connection has a certificate.
    const credentials = { ...this.#parts.credentials, token, certificates: [] };
    const isGood =
      deviceId === undefined
        ? mayOpenConnection(hub, credentials, this.#parts.history)
        : (this.#parts.renew(hub, deviceId, credentials) ?? hub.admits(deviceId, credentials) !== undefined);
    if (!isGood) return false;
    this.#parts.probation.admit();
    this.#tokens.set(deviceId === undefined ? hub.host : keyOf(hub, deviceId), token);
    return true;
  }
}

/** The answer of the node `$cbs` to a put-token request. */
export interface PutTokenAnswer {
  readonly status: 200 | 400 | 401 | 404;
  readonly description: string;
}

const unauthorized: PutTokenAnswer = { status: 401, description: 'Unauthorized' };

function keyOf({ host }: Hub, deviceId: string): string {
  return `${host}/${deviceId}`;
}
