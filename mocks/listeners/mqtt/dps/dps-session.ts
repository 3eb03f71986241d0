import type { FidelitySettings } from '../../../../core/cloud/fidelity.ts';
import { deviceApiVersions, dpsTopics } from '../../../../core/wire/dps-wire.ts';
import type { History } from '../../../../core/history/history.ts';
import type { Transport } from '../../../../core/history/events.ts';
import { problems } from '../../../../core/wire/problems.ts';
import type { Answer } from '../../../dps/answer.ts';
import type { Credentials } from '../../../shared/credentials.ts';
import { readClaim } from '../../../dps/claim.ts';
import type { DeviceCall } from '../../../dps/device-call.ts';
import type { ProvisioningService } from '../../../dps/service.ts';
import {
  endsForBrokenRule,
  recordRefusedFilter,
  recordTakeOver,
  recordUnknownTopic,
} from '../../../dps/wire-rules/broken-rules.ts';
import { judgeConnect, type ConnectOutcome } from '../../../dps/wire-rules/judge-connect.ts';
import type { Probation } from '../../shared/probation.ts';
import type { MqttAnswer, MqttSession, UserName } from '../mqtt-session.ts';
import { dpsMessageLimit } from '../../shared/message-limit.ts';

interface DpsSessionParts {
  readonly history: History;
  readonly fidelity: FidelitySettings;
  readonly transport: Transport;
  readonly probation: Probation;
}

/**
 * One device at the MQTT listener of DPS. Authentication happens after CONNECT. A device with a bad token or
 * certificate gets CONNACK 0, and then a refusal in the answer to its register message. The session refuses only a
 * CONNECT without a valid address at once.
 */
export class DpsSession implements MqttSession {
  readonly clientId: string;
  readonly #user: UserName & { kind: 'dps' };
  readonly #givenClientId: string;
  readonly #credentials: Credentials;
  readonly #service: ProvisioningService;
  readonly #history: History;
  readonly #fidelity: FidelitySettings;
  readonly #transport: Transport;
  readonly #probation: Probation;

  constructor(
    user: UserName & { kind: 'dps' },
    givenClientId: string,
    credentials: Credentials,
    service: ProvisioningService,
    { history, fidelity, transport, probation }: DpsSessionParts,
  ) {
    this.clientId = `dps/${user.idScope}/${givenClientId}`;
    this.#user = user;
    this.#givenClientId = givenClientId;
    this.#credentials = credentials;
    this.#service = service;
    this.#history = history;
    this.#fidelity = fidelity;
    this.#transport = transport;
    this.#probation = probation;
  }

  connect(): 0 | 3 | 5 | 'close' {
    const { idScope, registrationId } = this.#user;
    const request = {
      ...this.#user,
      clientId: this.#givenClientId,
      credentials: this.#credentials,
      transport: this.#transport,
    };
    const rules = { service: this.#service, history: this.#history, fidelity: this.#fidelity };
    const code = connackCodes[judgeConnect(request, rules)];
    this.#note(`CONNECT ${idScope}/registrations/${registrationId}`, `CONNACK ${code}`);
    return code;
  }

  /**
   * Records that the broker ends this connection, because another client connects with the same client ID
   * [MQTT-3.1.4-2].
   */
  takenOver(): void {
    recordTakeOver(this.#client());
  }

  maySubscribe(topic: string): boolean {
    return topic === dpsTopics.responses || recordRefusedFilter(this.#client(), topic);
  }

  breaks(rule: string): boolean {
    return endsForBrokenRule(this.#client(), rule);
  }

  unheard(topic: string, filter: string): void {
    this.#note(`PUBLISH ${topic}`, `no answer, because the client has no subscription to ${filter}`);
  }

  unresponsive(): void {
    this.#note('no packet within 1.5 times the keep-alive', 'the connection is closed');
  }

  takes(topic: string): boolean {
    if (readTopic(topic) !== undefined) return true;
    recordUnknownTopic(this.#client(), topic);
    return false;
  }

  /**
   * Serves a request. If the service has refused the credential of a device, the device needs a new connection for
   * another request.
   */
  async answer(topic: string, payload: Buffer): Promise<MqttAnswer | undefined> {
    const request = readTopic(topic);
    if (request === undefined) return undefined;
    this.#probation.requested();
    const answer = await this.#serve(request, payload).catch(() => this.#service.refuse(problems.internal));
    this.#probation.answered(answer.status, answer.retryAfterSeconds);
    if (answer.dropped === true) {
      this.#note(`PUBLISH ${topic}`, 'an injected fault closes the connection');
      return 'close';
    }
    const body = JSON.stringify(answer.body);
    this.#note(`PUBLISH ${topic} ${payload.toString('utf8').trim()}`, `${answer.status} ${body}`);
    return {
      topic: dpsTopics.response(answer.status, request.rid, answer.retryAfterSeconds),
      payload: body,
      filter: dpsTopics.responses,
      isLast: answer.status === 401,
    };
  }

  async #serve(request: TopicRequest, payload: Buffer): Promise<Answer> {
    const call = this.#call();
    if (!deviceApiVersions.includes(call.apiVersion)) return this.#service.refuse(problems.apiVersion);
    if (request.kind === 'status') return this.#service.operationStatus(call, request.operationId);
    if (payload.length > dpsMessageLimit) return this.#service.refuse(problems.bodyTooLarge);
    const claim = readClaim(call, payload);
    return claim.ok ? this.#service.register(claim.value) : this.#service.refuse(claim.failure);
  }

  #client() {
    const { registrationId } = this.#user;
    return { history: this.#history, registrationId, from: this.#credentials.from };
  }

  #call(): DeviceCall {
    const { idScope, registrationId, apiVersion = '' } = this.#user;
    return { idScope, registrationId, apiVersion, credentials: this.#credentials, transport: this.#transport };
  }

  #note(request: string, answer: string): void {
    const message = `${request} → ${answer}`;
    this.#history.record({ kind: 'wire', door: this.#transport, from: this.#user.registrationId, to: 'dps', message });
  }
}

/** The CONNACK return code for each outcome (MQTT 3.1.1 table 3.1). */
const connackCodes: Readonly<Record<ConnectOutcome, 0 | 3 | 5 | 'close'>> = {
  accepted: 0,
  'unknown-scope': 3,
  refused: 5,
  cut: 'close',
};

type TopicRequest =
  | { readonly kind: 'register'; readonly rid: string }
  | { readonly kind: 'status'; readonly rid: string; readonly operationId: string };

/**
 * Reads the topic of a request. Returns undefined for any other topic. The request ID keeps its form, because the answer must
 * repeat it.
 */
function readTopic(topic: string): TopicRequest | undefined {
  const match = /^\$dps\/registrations\/(PUT\/iotdps-register|GET\/iotdps-get-operationstatus)\/\?(.{1,1024})$/.exec(
    topic,
  );
  const fields = new Map(
    (match?.[2] ?? '').split('&').map((field) => [field.split('=', 1)[0], field.slice(field.indexOf('=') + 1)]),
  );
  const rid = fields.get('$rid');
  if (match === null || rid === undefined || rid === '') return undefined;
  if (match[1]?.startsWith('PUT') === true) return { kind: 'register', rid };
  return { kind: 'status', rid, operationId: fields.get('operationId') ?? '' };
}
