import { failedWith, succeeded } from '../../../../core/result.ts';
import type { Client, ConnectPacket } from 'aedes';
import type { FidelitySettings } from '../../../../core/cloud/fidelity.ts';
import type { History } from '../../../../core/history/history.ts';
import type { Transport } from '../../../../core/history/events.ts';
import type { Credentials } from '../../../shared/credentials.ts';
import type { DeviceConnection } from '../../../hub/device-connection.ts';
import type { Hub } from '../../../hub/hub.ts';
import { hubProblems, saying, type HubProblem } from '../../../hub/hub-problems.ts';
import { isJsonObject } from '../../../hub/twins/json-value.ts';
import { DeviceRequestRules } from '../../../hub/wire-rules/device-requests.ts';
import { isConnectWellFormed } from '../../../hub/wire-rules/judge-connect.ts';
import { grantedQos, type PersistentSubscription, type SeenPacket } from '../aedes-client.ts';
import type { Probation } from '../../shared/probation.ts';
import { hubErrorBody } from '../../https/hub/hub-error-body.ts';
import { MqttHubLink } from './hub-link.ts';
import { readHubFilter, singularCredentialFilter } from './hub-filter.ts';
import { readHubTopic, type HubPublish } from './hub-topics.ts';
import { PacketIds } from './packet-ids.ts';
import { identityName, readIdentityName } from '../../../hub/registry/identity-name.ts';
import type { MqttSession, UserName } from '../mqtt-session.ts';
import { parseJson } from '../../shared/parse-json.ts';
import { readPropertyBag } from '../property-bag.ts';

/** The parts of a session at a hub. */
interface HubSessionParts {
  readonly user: UserName & { kind: 'hub' };
  readonly givenClientId: string;
  readonly credentials: Credentials;
  readonly hub: Hub | undefined;
  readonly client: Client;
  /** True if the MQTT session ends with its connection (clean session). */
  readonly isClean: boolean;
  readonly will: ConnectPacket['will'];
  readonly history: History;
  /** The transport of the connection. */
  readonly transport: Transport;
  readonly probation: Probation;
  readonly fidelity: FidelitySettings;
  /** Subscriptions of persistent sessions, by client ID. */
  readonly persistent: Map<string, readonly PersistentSubscription[]>;
  /** Packet identifiers of messages without a PUBACK in persistent sessions, by client ID. */
  readonly packetIds: Map<string, PacketIds>;
}

/** The connection of one device at a hub. Unlike DPS, the hub verifies the credential before it answers the CONNECT. */
export class HubSession implements MqttSession {
  readonly clientId: string;
  readonly #parts: HubSessionParts;
  readonly #deviceId: string;
  readonly #mayEncode: boolean;
  readonly #rules: DeviceRequestRules;
  readonly #link: MqttHubLink;
  /** The filters that the hub granted. aedes stores them later, one at a time. */
  readonly #held = new Set<string>();
  #connection: DeviceConnection | undefined;
  #isDone = false;

  constructor(parts: HubSessionParts) {
    this.#parts = parts;
    const { user, hub, givenClientId, client, isClean, fidelity, packetIds } = parts;
    this.#mayEncode = fidelity.encodedDeviceIdInTopic === 'accept';
    this.#deviceId = (this.#mayEncode ? hub?.nameOf(user.deviceId, user.moduleId) : undefined) ?? identityName(user);
    this.#rules = new DeviceRequestRules(parts.history, this.#deviceId, user.host);
    // A device has one session, whichever name of the hub it uses.
    this.clientId = `hub/${hub?.host ?? user.host}/${givenClientId}`;
    if (isClean) packetIds.delete(this.clientId);
    this.#link = new MqttHubLink({
      client,
      deviceId: this.#deviceId,
      transport: parts.transport,
      mayEncode: this.#mayEncode,
      credentialSuffix: fidelity.credentialAnswerSuffix,
      packetIds: packetIds.get(this.clientId) ?? new PacketIds(),
      note: (message) => this.#note(message, 'hub'),
    });
  }

  connect(): 0 | 3 | 5 {
    const code = this.#connack();
    const { user, isClean, persistent, packetIds, probation } = this.#parts;
    if (code === 0) probation.admit();
    this.#note(`CONNECT ${user.host}/${identityName(user)} → CONNACK ${code}`);
    if (code === 0 && isClean) persistent.delete(this.clientId);
    if (code === 0 && !isClean) packetIds.set(this.clientId, this.#link.packetIds);
    return code;
  }

  #connack(): 0 | 3 | 5 {
    const { user, hub, givenClientId, credentials, history, fidelity } = this.#parts;
    const { host, moduleId } = user;
    const request = {
      host,
      deviceId: this.#deviceId,
      written: user.deviceId,
      moduleId,
      clientId: givenClientId,
      from: credentials.from,
    };
    if (!isConnectWellFormed(request, hub, history)) {
      return hub === undefined && fidelity.unknownHubOverMqtt === '3' ? 3 : 5;
    }
    if (hub?.maintenanceProblem(this.#deviceId, credentials.from) !== undefined) {
      return fidelity.maintenanceOverMqtt === '3' ? 3 : 5;
    }
    this.#connection = hub?.connect(this.#deviceId, credentials, this.#link, user.modelId);
    this.#link.connection = this.#connection;
    return this.#connection === undefined ? 5 : 0;
  }

  /** Returns true if the device may subscribe: it has fewer than five subscriptions, or it already has this subscription. */
  maySubscribe(topic: string): boolean {
    const hasRoom = this.#held.has(topic) || this.#held.size < mostSubscriptions;
    const isGranted = hasRoom && this.#isOffered(topic);
    const expected = hasRoom ? this.#offer() : `at most ${mostSubscriptions} subscriptions`;
    if (!this.#rules.acceptsFilter(topic, isGranted, expected)) return false;
    this.#held.add(topic);
    return true;
  }

  /** Describes the filters that the hub grants. */
  #offer(): string {
    const { user, fidelity } = this.#parts;
    if (user.apiVersion === undefined && fidelity.hubWithoutApiVersion === 'basic')
      return 'an api-version in the user name, which every subscription but that for messages needs';
    const { deviceId, moduleId } = readIdentityName(this.#deviceId);
    const own = moduleId === undefined ? 'messages/devicebound/#' : `modules/${moduleId}/#`;
    return `devices/${deviceId}/${own} or a documented filter of twins, methods or certificate requests`;
  }

  #isOffered(topic: string): boolean {
    const { apiVersion } = this.#parts.user;
    const hears = readHubFilter(topic, this.#deviceId, this.#mayEncode)?.hears ?? [];
    if (hears.includes('messages')) return true;
    if (hears.includes('credentials') && !this.#offersCredentials(topic)) return false;
    // If the API version is missing, the hub assumes a version that is older than twins and methods.
    if (apiVersion === undefined && this.#parts.fidelity.hubWithoutApiVersion === 'basic') return false;
    return hears.length > 0;
  }

  #offersCredentials(topic: string): boolean {
    const { user, fidelity } = this.#parts;
    if (topic === singularCredentialFilter && fidelity.credentialTopic === 'credentials') return false;
    return fidelity.credentialsInOlderHubVersion === 'work' || (user.apiVersion ?? '') >= '2025-08-01-preview';
  }

  sees(packet: SeenPacket): void {
    if (this.#connection?.isAlive() === false) return;
    this.#connection?.proceedCredentials();
    if (packet.cmd === 'puback') this.#link.acknowledged(packet.messageId);
    if (packet.cmd === 'disconnect') this.#isDone = true;
    if (packet.cmd !== 'unsubscribe') return;
    for (const topic of packet.unsubscriptions) this.#held.delete(topic);
    this.#keep([], packet.unsubscriptions);
  }

  subscribed(topics: readonly string[]): void {
    const { client } = this.#parts;
    const granted = topics.flatMap((topic) => {
      const qos = grantedQos(client, topic);
      return qos === undefined ? [] : [{ topic, qos }];
    });
    this.#note(`SUBSCRIBE ${granted.map(({ topic }) => topic).join(' ')}`);
    this.#keep(granted, topics);
    this.#connection?.listening();
  }

  ready(): void {
    this.#connection?.listening();
  }

  /** Handles the end of the connection. If the device did not send DISCONNECT, sends its last will. */
  ended(): void {
    const { will } = this.#parts;
    const isWillSent = !this.#isDone && this.#connection !== undefined && will !== undefined;
    if (isWillSent) this.#takeTelemetry(will.topic, Buffer.from(will.payload), will.retain ?? false, willMark);
    this.#connection?.disconnected();
  }

  unheard(topic: string, filter: string): void {
    this.#note(`PUBLISH ${topic} → no answer, because the device has no subscription to ${filter}`);
  }

  unresponsive(): void {
    this.#note('no packet within 1.5 times the keep-alive → the connection is closed');
  }

  underWay(): Promise<void> | undefined {
    return this.#connection?.issuance();
  }

  breaks(rule: string): boolean {
    return this.#rules.endsForBrokenRule(rule);
  }

  takes(topic: string, payload: Buffer, isRetained: boolean): boolean {
    if (this.#connection?.isAlive() !== true) return false;
    const published = this.#read(topic);
    if (!this.#rules.acceptsTopic(topic, published !== undefined)) return false;
    if (published !== undefined && published.kind !== 'telemetry') return this.#rules.acceptsLength(payload.length);
    return this.#takeTelemetry(topic, payload, isRetained);
  }

  #read(topic: string): HubPublish | undefined {
    return readHubTopic(topic, this.#deviceId, this.#mayEncode);
  }

  #takeTelemetry(
    topic: string,
    payload: Buffer,
    isRetained: boolean,
    marks: readonly (readonly [string, string])[] = [],
  ) {
    const published = this.#read(topic);
    const bag = published?.kind === 'telemetry' ? published.bag : '';
    const read = readPropertyBag(bag, payload);
    if (!this.#rules.acceptsProperties(bag, read !== undefined)) return false;
    const message = read ?? { body: payload, properties: new Map<string, string>() };
    const properties = new Map([...message.properties, ...marks, ...(isRetained ? retainMark : [])]);
    const problem = this.#connection?.sendTelemetry({ ...message, properties });
    const added = [...properties].slice(message.properties.size).map(([name, value]) => ` {${name}=${value}}`);
    const how = problem === undefined ? '' : ` → ${problem.errorCode} ${problem.name}`;
    this.#note(`PUBLISH ${topic} ${payload.toString('utf8').slice(0, 200)}${added.join('')}${how}`);
    return problem === undefined;
  }

  /** Answers a request of the device through its link. Telemetry needs no answer here, because the PUBACK is its answer. */
  async answer(topic: string, payload: Buffer): Promise<undefined> {
    const published = this.#read(topic);
    if (published === undefined || published.kind === 'telemetry') return undefined;
    this.#note(`PUBLISH ${topic} ${payload.toString('utf8').slice(0, 200).trim()}`);
    if ((published.kind === 'twin' || published.kind === 'report') && !this.#link.hears('answers'))
      this.unheard(topic, '$iothub/twin/res/#');
    switch (published.kind) {
      case 'twin':
        this.#answerTwin(published.rid);
        break;
      case 'report':
        this.#answerReport(published.rid, payload);
        break;
      case 'credential':
        this.#connection?.requestCertificate(published.rid, payload);
        break;
      case 'method':
        this.#takeMethodAnswer(published.rid, published.status, payload);
    }
    return undefined;
  }

  #answerTwin(rid: string): void {
    const outcome = this.#connection?.twin();
    if (outcome === undefined) return;
    if (!outcome.ok) return this.#refuse(rid, outcome.failure);
    const { desired, reported } = outcome.value;
    this.#link.answer(200, rid, {
      desired: { ...desired.values, $version: desired.version },
      reported: { ...reported.values, $version: reported.version },
    });
  }

  #answerReport(rid: string, payload: Buffer): void {
    const patch = parseJson(payload);
    if (patch === undefined) return this.#refuse(rid, hubProblems.formatError);
    if (!isJsonObject(patch.value)) {
      return this.#refuse(rid, saying(hubProblems.argumentInvalid, 'Reported properties must be a JSON object.'));
    }
    const outcome = this.#connection?.report(patch.value);
    if (outcome === undefined) return;
    if (!outcome.ok) return this.#refuse(rid, outcome.failure);
    this.#link.answer(204, rid, undefined, outcome.value.reported.version);
  }

  #takeMethodAnswer(rid: string, status: number, payload: Buffer): void {
    // A device may answer a direct method without a payload.
    const answered = payload.length === 0 ? { value: null } : parseJson(payload);
    this.#connection?.answerMethod(
      rid,
      answered === undefined
        ? failedWith(hubProblems.badDeviceResponse)
        : succeeded({ status, payload: answered.value }),
    );
  }

  #refuse(rid: string, problem: HubProblem): void {
    const { hub } = this.#parts;
    if (hub !== undefined) this.#link.answer(problem.status, rid, hubErrorBody(problem, hub));
  }

  #keep(granted: readonly PersistentSubscription[], instead: readonly string[]): void {
    const { isClean, persistent } = this.#parts;
    if (isClean) return;
    const others = (persistent.get(this.clientId) ?? []).filter(({ topic }) => !instead.includes(topic));
    persistent.set(this.clientId, [...others, ...granted]);
  }

  #note(message: string, sender: 'device' | 'hub' = 'device'): void {
    const { user, history, transport } = this.#parts;
    const { host } = user;
    const [from, to] = sender === 'device' ? [this.#deviceId, host] : [host, this.#deviceId];
    history.record({ kind: 'wire', door: transport, from, to, message });
  }
}

const mostSubscriptions = 5;
const willMark = [['iothub-MessageType', 'Will']] as const;
const retainMark = [['mqtt-retain', 'true']] as const;
