import rhea, { type Delivery, type Receiver, type Sender } from 'rhea';
import { defined } from '../../../../core/defined.ts';
import type { History } from '../../../../core/history/history.ts';
import type { Transport } from '../../../../core/history/events.ts';
import type { Hub } from '../../../hub/hub.ts';
import { hubProblems, saying, type HubProblem } from '../../../hub/hub-problems.ts';
import { addressOf } from '../amqp-address.ts';
import { AmqpClaims, type PutTokenAnswer } from '../amqp-claims.ts';
import type { AmqpControl } from '../amqp-connection.ts';
import { eventHubRedirect } from '../event-hub/event-hub-redirect.ts';
import type { HubAddress } from './hub-address.ts';
import { AmqpHubDevice } from './hub-device.ts';
import { amqpHubError } from './hub-error.ts';
import { AmqpHubService } from './hub-service.ts';
import { identityName } from '../../../hub/registry/identity-name.ts';
import type { AmqpMessage } from '../amqp-message.ts';
import { AmqpOutlet } from '../amqp-outlet.ts';
import type { Probation } from '../../shared/probation.ts';
import type { ConnectionCredentials } from '../../../shared/credentials.ts';

/** The parts of a connection to hubs. */
interface AmqpHubParts {
  readonly hubs: ReadonlyMap<string, Hub>;
  readonly history: History;
  readonly credentials: ConnectionCredentials;
  readonly transport: Transport;
  readonly probation: Probation;
  readonly control: AmqpControl;
  /** Returns the port of the AMQP listener. */
  readonly amqpPort: () => number;
}

/**
 * A connection to hubs over AMQP: links to `$cbs` for tokens, links of devices, and links of the service side. The session
 * authorizes each link separately, with the credentials that the connection has at that time.
 */
export class AmqpHubSession {
  readonly #parts: AmqpHubParts;
  readonly #claims: AmqpClaims;
  readonly #devices = new Map<string, AmqpHubDevice>();
  readonly #services = new Map<Hub, AmqpHubService>();
  #answers: AmqpOutlet | undefined;

  constructor(parts: AmqpHubParts) {
    this.#parts = parts;
    const { hubs, history, credentials } = parts;
    this.#claims = new AmqpClaims({
      hubs,
      history,
      credentials,
      probation: parts.probation,
      renew: (hub, deviceId, credentials) => this.#devices.get(keyOf(hub, deviceId))?.renew(credentials),
    });
  }

  /** Verifies a login with SASL `PLAIN`. */
  logIn(user: string, token: string): boolean {
    const isAccepted = this.#claims.logIn(user, token);
    this.#note(user.slice(0, 200), 'hub', `SASL PLAIN ${user.slice(0, 300)} → ${isAccepted ? 'ok' : 'auth'}`);
    return isAccepted;
  }

  attached(address: HubAddress, link: Sender | Receiver): void {
    if (address.kind === 'cbs') {
      if (!link.is_sender()) return;
      this.#answers = new AmqpOutlet(link as Sender, { onRoom: () => {}, onOverflow: () => this.#overflow() });
      return;
    }
    const hub = this.#hubFor(address, link);
    const who = address.kind === 'device' ? identityName(address) : 'service';
    if (address.kind === 'events' && hub !== undefined && this.#claims.mayServe(hub, eventsPath, undefined)) {
      this.#note(who, hub.host, `ATTACH ${addressOf(link) ?? ''} → redirect to the Event-Hub-compatible endpoint`);
      return link.close(eventHubRedirect(hub, address.rest, this.#parts.amqpPort()));
    }
    if (hub === undefined) this.#claims.refuse(who, address.host ?? link.connection.hostname ?? 'nowhere');
    const problem = hub === undefined ? hubProblems.unauthorized : this.#admit(address, link, hub);
    if (problem === undefined) return;
    this.#note(who, hub?.host ?? 'hub', `ATTACH refused: ${problem.errorCode} ${problem.name}`);
    // If no hub has the host, the first hub writes the error, because an error contains values of a hub.
    const speaker = hub ?? [...this.#parts.hubs.values()][0];
    link.close(speaker === undefined ? { condition: 'amqp:not-found' } : amqpHubError(problem, speaker));
  }

  message(address: HubAddress, message: AmqpMessage, link: Receiver, delivery: Delivery): void {
    const hub = this.#hubFor(address, link);
    if (address.kind === 'cbs') return this.#putToken(message, delivery, hub);
    if (hub === undefined || !link.is_open()) return delivery.release();
    if (address.kind === 'device') {
      const name = hub.nameOf(address.deviceId, address.moduleId);
      this.#devices.get(keyOf(hub, name))?.take(address.end, message, delivery);
    } else if (address.kind === 'service') {
      // Checks each message, because the token may have expired since the client attached the link.
      if (this.#claims.mayServe(hub, servicePath, serviceActions[address.end]))
        this.#service(hub).take(message, delivery);
      else delivery.reject(amqpHubError(hubProblems.unauthorized, hub));
    }
  }

  detached(): void {
    for (const [key, device] of this.#devices) {
      if (device.prune()) continue;
      this.#devices.delete(key);
      device.ended();
    }
    for (const service of this.#services.values()) service.prune();
  }

  ended(): void {
    const devices = [...this.#devices.values()];
    this.#devices.clear();
    for (const device of devices) device.ended();
    for (const service of this.#services.values()) service.ended();
  }

  /**
   * Returns the hub to which a link belongs. The first of these values that names a hub decides: the address of the
   * link, the host for which the client opened the connection, the tokens of the connection. If none of them names a
   * hub, for example behind a gateway, returns the only hub if there is exactly one.
   */
  #hubFor({ host }: HubAddress, link: Sender | Receiver): Hub | undefined {
    const { hubs } = this.#parts;
    if (host !== undefined && hubs.has(host)) return hubs.get(host);
    const opened = hubs.get((link.connection.hostname ?? '').toLowerCase().replace(/:\d+$/, ''));
    const byToken = this.#claims.onlyHub();
    return opened ?? byToken ?? (hubs.size === 1 ? [...hubs.values()][0] : undefined);
  }

  #admit(address: HubAddress, link: Sender | Receiver, hub: Hub): HubProblem | undefined {
    switch (address.kind) {
      case 'service':
        return this.#admitService(address.end, link, hub);
      case 'device':
        return this.#admitDevice(address, link, hub);
      case 'events':
        return hubProblems.unauthorized;
      case 'cbs':
        return undefined;
    }
  }

  #admitDevice(
    { deviceId: written, moduleId, end: given }: HubAddress & { kind: 'device' },
    link: Sender | Receiver,
    hub: Hub,
  ): HubProblem | undefined {
    const deviceId = hub.nameOf(written, moduleId);
    const end = moduleId !== undefined && given === 'events' && link.is_sender() ? 'inputs' : given;
    const isReceivedOnly = end === 'messages' || end === 'inputs';
    const isWrongWay = (end === 'events' && link.is_sender()) || (isReceivedOnly && link.is_receiver());
    if (isWrongWay) return wrongRole(link);
    const key = keyOf(hub, deviceId);
    const known = this.#devices.get(key);
    const modelId = modelIdOf(link);
    if (known?.isAlive() === true) {
      hub.announceModel(deviceId, modelId);
      known.attach(end, link);
      return undefined;
    }
    const maintenance = hub.maintenanceProblem(deviceId, this.#parts.credentials.from);
    if (maintenance !== undefined) return maintenance;
    const { transport, history } = this.#parts;
    const device = new AmqpHubDevice({
      hub,
      deviceId,
      transport,
      history,
      close: (gone, reason) => this.#close(key, gone, reason, hub),
    });
    if (!device.connect(this.#claims.of(hub, deviceId), modelId)) return hubProblems.unauthorized;
    this.#parts.probation.admit();
    this.#devices.set(key, device);
    device.attach(end, link);
    return undefined;
  }

  #admitService(end: (HubAddress & { kind: 'service' })['end'], link: Sender | Receiver, hub: Hub) {
    if (link.is_receiver() !== (end === 'messages')) {
      return wrongRole(link);
    }
    if (!this.#claims.mayServe(hub, servicePath, serviceActions[end])) return hubProblems.unauthorized;
    if (link.is_sender()) this.#service(hub).listen(end, link as Sender);
    return undefined;
  }

  /** Ends the connection of a device. If another device shares the connection, ends only the links of this device. */
  #close(key: string, device: AmqpHubDevice, reason: HubProblem, hub: Hub): void {
    if (this.#devices.get(key) !== device) return;
    this.#devices.delete(key);
    if (this.#devices.size === 0 && this.#services.size === 0) this.#parts.control.close(amqpHubError(reason, hub));
    else device.closeLinks(reason);
  }

  #service(hub: Hub): AmqpHubService {
    const { transport, history } = this.#parts;
    const service =
      this.#services.get(hub) ?? new AmqpHubService({ hub, transport, history, overflow: () => this.#overflow() });
    this.#services.set(hub, service);
    return service;
  }

  #putToken(message: AmqpMessage, delivery: Delivery, hub: Hub | undefined): void {
    delivery.accept();
    const { operation, type, name } = message.properties;
    const token = message.body.toString('utf8');
    // The Node SDK sends a token of Entra ID with the type of a shared access signature. Other SDKs send it with the type `jwt`.
    const isBearer = type === 'jwt' || /^Bearer\s/i.test(token);
    if (operation !== 'put-token' || !isBearer) {
      this.#answerPutToken(message, this.#judgeToken(operation, type, name, token));
      return;
    }
    const bearer = /^Bearer\s/i.test(token) ? token : `Bearer ${token}`;
    void this.#claims.putBearer(hub, bearer).then((answer) => this.#answerPutToken(message, answer));
  }

  #answerPutToken({ properties, messageId }: AmqpMessage, { status, description }: PutTokenAnswer): void {
    this.#note('client', 'hub', `PUT-TOKEN ${String(properties['name']).slice(0, 300)} → ${status}`);
    this.#answers?.post({
      ...defined({ correlation_id: messageId }),
      application_properties: {
        'status-code': rhea.types.wrap_int(status),
        'status-description': description,
      },
    });
  }

  #judgeToken(operation: unknown, type: unknown, name: unknown, token: string): PutTokenAnswer {
    if (operation !== 'put-token') return { status: 400, description: 'Bad Request' };
    if (type !== 'servicebus.windows.net:sastoken') return { status: 401, description: 'Unauthorized' };
    return this.#claims.putToken(name, token);
  }

  #overflow(): void {
    this.#parts.control.close({
      condition: 'amqp:resource-limit-exceeded',
      description: 'The client gives no credit for the messages to which it subscribed.',
    });
  }

  #note(from: string, to: string, message: string): void {
    this.#parts.history.record({ kind: 'wire', door: this.#parts.transport, from, to, message });
  }
}

/**
 * Returns the problem of a link whose direction does not fit its address. The service is the sender if the client
 * receives.
 */
function wrongRole(link: Sender | Receiver): HubProblem {
  const action = link.is_sender() ? 'receive from' : 'send to';
  return saying(hubProblems.methodNotAllowed, `A client cannot ${action} this address.`);
}

/** Returns the model ID that a device sends when it attaches a link. The C# and Java SDKs send it as a link property. */
function modelIdOf(link: Sender | Receiver): string | undefined {
  const modelId: unknown = link.properties?.['com.microsoft:model-id'];
  return typeof modelId === 'string' ? modelId : undefined;
}

/** The action of Azure roles that each endpoint of the service side needs. */
const serviceActions = {
  messages: ['IotHubs/cloudToDeviceMessages/send/action'],
  feedback: ['IotHubs/cloudToDeviceMessages/feedback/action'],
  files: ['IotHubs/fileUpload/notifications/action'],
} as const;

const servicePath = ['messages'] as const;
const eventsPath = ['messages', 'events'] as const;

function keyOf({ host }: Hub, deviceId: string): string {
  return `${host}/${deviceId}`;
}
