import type { History } from '../../../core/history/history.ts';
import { parseSas } from '../../../core/wire/sas.ts';
import type { Credentials } from '../../shared/credentials.ts';
import type { Hub } from '../../hub/hub.ts';
import { parseAudience, parseHubUser } from './hub/amqp-hub-address.ts';
import type { Probation } from '../shared/probation.ts';
import { mayCall } from '../https/hub/hub-service-auth.ts';
import type { Shown } from '../shared/client-credentials.ts';

interface ClaimsParts {
  readonly hubs: ReadonlyMap<string, Hub>;
  readonly history: History;
  readonly shown: Shown;
  readonly probation: Probation;
  /** Shows a newer token for a device that is connected here already; undefined where it is not. */
  renew(hub: Hub, deviceId: string, credentials: Credentials): boolean | undefined;
}

/** What a connection has shown of who it speaks for: by SASL, by put-token, and by its certificate. */
export class AmqpClaims {
  readonly #parts: ClaimsParts;
  /** By host, or host and device. */
  readonly #tokens = new Map<string, string>();

  constructor(parts: ClaimsParts) {
    this.#parts = parts;
  }

  /** A login with SASL `PLAIN`, for a device or for a policy of the service side. */
  logIn(user: string, token: string): boolean {
    const named = parseHubUser(user);
    const hub = [...this.#parts.hubs.values()].find(
      ({ host }) => host === named?.hub || host.split('.', 1)[0] === named?.hub,
    );
    if (named === undefined || hub === undefined) return this.refuse('unknown', named?.hub ?? user);
    return this.#believe(hub, named.deviceId, token);
  }

  /** A token that is put over `$cbs`. @param name what it is for, `{host}` or `{host}/devices/{id}`. */
  putToken(name: unknown, token: string): PutTokenAnswer {
    const audience = parseAudience(name);
    const hub = this.#parts.hubs.get(audience?.host ?? '');
    const { host = 'nothing', deviceId, moduleId } = audience ?? {};
    if (hub === undefined || moduleId !== undefined) {
      this.refuse(deviceId ?? (audience === undefined ? 'unknown' : 'service'), host, moduleId);
      return unauthorized;
    }
    const named = deviceId === undefined ? undefined : hub.nameOf(deviceId);
    if (this.#believe(hub, named, token)) return { status: 200, description: 'OK' };
    if (named === undefined || hub.identities.find(named) !== undefined) return unauthorized;
    // Recorded: c#1413, node#777.
    return { status: 404, description: `Device ${named} at IotHub ${host.split('.', 1)[0]} not registered.` };
  }

  /** What a device has to show: a token that was put for it or for the whole hub, else its certificate. */
  of(hub: Hub, deviceId: string): Credentials {
    const { shown } = this.#parts;
    const token = this.#tokens.get(keyOf(hub, deviceId)) ?? this.#tokens.get(hub.host);
    return token === undefined ? shown : { ...shown, token };
  }

  /** Whether the service side may do something at `path` of the hub. */
  mayServe(hub: Hub, path: readonly string[]): boolean {
    const token = this.#tokens.get(hub.host);
    const credentials = token === undefined ? { certificates: [] } : { certificates: [], token };
    return mayCall(hub, 'ServiceConnect', { credentials, path }, this.#parts.history);
  }

  /** The hub that all tokens so far are for; undefined where there is none, or more than one. */
  onlyHub(): Hub | undefined {
    const hosts = new Set([...this.#tokens.keys()].map((key) => key.split('/', 1)[0] ?? ''));
    const [host] = hosts;
    return hosts.size === 1 && host !== undefined ? this.#parts.hubs.get(host) : undefined;
  }

  /** Writes down why somebody is refused who names no device of a hub. @returns false. */
  refuse(subject: string, host: string, moduleId?: string): false {
    const trace = this.#parts.history.trace('hub', subject, `connection to ${host}`, this.#parts.shown.from);
    if (trace.check('hub-known', this.#parts.hubs.has(host), 'a linked hub', host)) {
      trace.check('hub-identity-found', false, 'a device', `the module ${moduleId ?? ''}`);
    }
    this.#parts.history.record({ kind: 'decision', ...trace.decision() });
    return false;
  }

  #believe(hub: Hub, deviceId: string | undefined, token: string): boolean {
    // Whatever certificate came along, the token alone is to be believed.
    const credentials = { ...this.#parts.shown, token, certificates: [] };
    const isGood =
      deviceId === undefined
        ? this.#isPolicyToken(hub, credentials)
        : (this.#parts.renew(hub, deviceId, credentials) ?? hub.admits(deviceId, credentials) !== undefined);
    if (!isGood) return false;
    this.#parts.probation.admit();
    this.#tokens.set(deviceId === undefined ? hub.host : keyOf(hub, deviceId), token);
    return true;
  }

  /** For a whole hub there are tokens of the service side, and those of gateways, which connect devices. */
  #isPolicyToken(hub: Hub, credentials: Credentials & { readonly token: string }): boolean {
    const policy = parseSas(credentials.token)?.skn ?? '';
    const isService = hub.policies.keysFor(policy, 'ServiceConnect').length > 0;
    const isGateway = hub.policies.keysFor(policy, 'DeviceConnect').length > 0;
    const right = isGateway && !isService ? 'DeviceConnect' : 'ServiceConnect';
    return mayCall(hub, right, { credentials, path: messagesPathOf(credentials.token) }, this.#parts.history);
  }
}

/** What `$cbs` answers. */
export interface PutTokenAnswer {
  readonly status: 200 | 400 | 401 | 404;
  readonly description: string;
}

const unauthorized: PutTokenAnswer = { status: 401, description: 'Unauthorized' };

/**
 * The path of a token that is for a part of the messages only, such as `{host}/messages/events`. What it is good for is judged
 * again by each link.
 */
function messagesPathOf(token: string): readonly string[] {
  const [, path = ''] = /^[^/]*\/(messages(?:\/.*)?)$/i.exec(decoded(parseSas(token)?.sr ?? '')) ?? [];
  return path.split('/').filter((each) => each !== '');
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function keyOf({ host }: Hub, deviceId: string): string {
  return `${host}/${deviceId}`;
}
