import { createHash } from 'node:crypto';
import { failedWith, succeeded } from '../../core/result.ts';
import { afterRealTime, isoInstant, type Millis } from '../../core/time/clock.ts';
import type { CloudSettings, EventHubSettings } from '../../core/cloud/cloud.ts';
import { decodeSegment } from '../../core/wire/device-segment.ts';
import type { JsonObject } from '../../core/wire/enrollment.ts';
import type { Random } from '../../core/random.ts';
import type { Store } from '../../core/cloud/snapshot.ts';
import { WatchedMap } from '../../core/cloud/watched-map.ts';
import { parseCertificate, type Certificate } from '../../core/x509/certificate.ts';
import type { Credentials } from '../shared/credentials.ts';
import { eventHubName, eventHubNamespace } from '../../core/wire/event-hub-wire.ts';
import { EventHub } from '../event-hub/event-hub.ts';
import { serviceRecord } from '../shared/service-record.ts';
import { HubAccessPolicies } from './hub-access-policies.ts';
import { hasFailedCheck } from '../../core/history/decision.ts';
import { sessionTakenOver } from '../../core/history/session-taken-over.ts';
import type { DecisionTrace } from '../../core/history/decision.ts';
import { admit, type Admission } from './admission.ts';
import { CredentialOperations } from './credentials/credential-operations.ts';
import type { EntraDirectory } from '../entra/entra-directory.ts';
import type { DeviceRegistry } from '../registry/device-registry.ts';
import { Configurations } from './configurations/configurations.ts';
import { desiredOf } from './configurations/desired-of.ts';
import { Connections } from './connections.ts';
import { DeviceConnection } from './device-connection.ts';
import type { DeviceLink } from './device-link.ts';
import { faultOperationIn } from './fault-operation.ts';
import { FileUploads } from './file-upload/file-uploads.ts';
import { hubInstant } from './hub-instant.ts';
import { messageLimitBytes, messageSize, type HubMessage } from './messages/hub-message.ts';
import { hubProblems, saying, type HubProblem } from './hub-problems.ts';
import { Identities, type Identity, type IdentityTerms } from './registry/identities.ts';
import { identityName, readIdentityName } from './registry/identity-name.ts';
import { Jobs } from './jobs/jobs.ts';
import { MessageQueue, type QueuedMessage } from './messages/message-queue.ts';
import { MethodCalls, type MethodOutcome, type MethodRequest } from './method-calls.ts';
import { isFeedbackWanted, type FeedbackRecord, type MessageFate } from './service-side/feedback-record.ts';
import { ServiceQueue } from './service-side/service-queue.ts';
import { telemetryOf } from './messages/telemetry-of.ts';
import { twinDocuments } from './twins/twin-json.ts';
import { Twins, type TwinOutcome, type TwinWrite } from './twins/twins.ts';

interface HubSettings extends Pick<
  CloudSettings,
  'clock' | 'history' | 'random' | 'isOtherTenant' | 'fidelity' | 'issuanceMs' | 'onTelemetry'
> {
  readonly registry: DeviceRegistry;
  /**
   * The directory whose tokens the service side of the hub accepts. Undefined if the hub accepts no tokens of Entra ID.
   */
  readonly entraDirectory?: EntraDirectory | undefined;
  readonly events?: EventHubSettings | undefined;
  /** True if the hub refuses tokens that devices (or modules) sign with their own keys. Default: false. */
  readonly disableDeviceSAS?: boolean;
  readonly disableModuleSAS?: boolean;
}

/**
 * One IoT hub without sockets: its registry, twins, queues, policies and connections. A listener connects a device with `connect`
 * and passes a `DeviceLink`; the service API uses the other methods. A parameter `deviceId` is the name of a device or of a module
 * (`identityName`).
 */
export class Hub implements Store {
  readonly host: string;
  readonly identities: Identities;
  readonly twins: Twins;
  readonly policies = new HubAccessPolicies();
  readonly entra: EntraDirectory | undefined;
  readonly calls: MethodCalls;
  readonly connections: Connections;
  /** Feedback about messages to devices, for the back ends that requested it. */
  readonly feedback: ServiceQueue<FeedbackRecord>;
  readonly jobs: Jobs;
  readonly configurations: Configurations;
  readonly files: FileUploads;
  /** The certificate requests of the devices. */
  readonly credentials: CredentialOperations;
  /** The built-in endpoint, from which a back end reads telemetry. */
  readonly events: EventHub;
  /** Random source for tracking IDs and similar values. */
  readonly random: Random;
  readonly #settings: HubSettings;
  /** CA certificates in DER, by their SHA-256 thumbprint (hex). */
  readonly #authorities = new WatchedMap<Buffer>();
  readonly parts = { authorities: this.#authorities };
  readonly #queues = new Map<string, MessageQueue>();
  readonly #lastActivity = new Map<string, Millis>();
  /** Instant at which the last maintenance ends. */
  #maintainedUntil: Millis = -Infinity;
  readonly #faults = new Map<string, { readonly problem: HubProblem; readonly until: Millis }>();

  constructor(host: string, settings: HubSettings) {
    this.host = host;
    this.entra = settings.entraDirectory;
    this.#settings = settings;
    this.random = settings.random.fork(`hub ${host}`);
    this.twins = new Twins(settings.clock, settings.fidelity);
    this.calls = new MethodCalls(this.random);
    this.feedback = new ServiceQueue(settings.clock, this.random, { batchLimit: 64, deliveryLimit: 10 });
    this.events = new EventHub({
      name: eventHubName(host),
      clock: settings.clock,
      settings: settings.events,
      onTrim: (partitionId, count) => this.#trimmed(partitionId, count),
    });
    this.identities = new Identities(settings.clock, this.random, (deviceId, identity) =>
      this.#identityChanged(deviceId, identity),
    );
    this.jobs = new Jobs(this);
    this.configurations = new Configurations(this);
    this.files = new FileUploads(host, settings.clock, this.random);
    const { clock, history } = settings;
    const { calls } = this;
    this.connections = new Connections({ host, clock, history, calls, queueOf: (deviceId) => this.queueOf(deviceId) });
    this.credentials = new CredentialOperations({
      ...settings,
      host,
      random: this.random,
      throttles: (deviceId) => this.throttles(deviceId),
      linkOf: (deviceId) => this.connections.credentialLink(deviceId),
    });
  }

  now(): Millis {
    return this.#settings.clock.now();
  }

  /**
   * Adds a CA with which the hub authenticates devices of type `certificateAuthority`.
   *
   * @param certificate the CA certificate in DER.
   */
  putAuthority(certificate: Buffer): void {
    const key = sha256(certificate);
    if (!this.#authorities.has(key)) this.#authorities.set(key, certificate);
  }

  /** Returns the CAs with which the hub authenticates devices. */
  authorities(): readonly Certificate[] {
    return this.save().flatMap((der) => {
      const read = parseCertificate(der);
      return read.ok ? [read.value] : [];
    });
  }

  /**
   * Removes a CA by its SHA-256 thumbprint, even if the device registry sent this CA. Returns false if the hub does not
   * have this CA.
   */
  deleteAuthority(thumbprint: string): boolean {
    const wanted = thumbprint.toUpperCase();
    const found = this.authorities().find((each) => each.thumbprintSha256 === wanted);
    if (found !== undefined) return this.#authorities.delete(sha256(found.der));
    const { registry } = this.#settings;
    const synced = registry.certificates.known(this.host).find((der) => sha256(der).toUpperCase() === wanted);
    if (synced === undefined || registry.certificates.trustOf(this.host, synced, this.now()) !== 'synced') return false;
    registry.sync.withdraw(this.host, synced, this.now(), 'removed');
    return true;
  }

  /** Returns only the CAs. Identities, twins and policies are separate stores, and the hub does not save messages. */
  save(): readonly Buffer[] {
    return [...this.#authorities.values()];
  }

  load(saved: readonly Buffer[]): void {
    this.#authorities.clear();
    for (const certificate of saved) this.putAuthority(certificate);
  }

  /**
   * Returns the name of the device or module that a path, topic or user name contains. Decodes percent-encoding, unless the registry has
   * the undecoded text as an ID, because an ID may contain percent signs.
   */
  nameOf(written: string, writtenModule?: string): string {
    const decoded = this.identities.find(written) === undefined ? decodeSegment(written) : written;
    // An encoded slash does not turn the ID of a device into the name of a module.
    const deviceId = decoded.includes('/') ? written : decoded;
    const moduleId = writtenModule === undefined ? undefined : decodeSegment(writtenModule);
    return identityName({ deviceId, moduleId });
  }

  /**
   * Checks the credentials of a device. The refusal is the same for a missing device, a disabled device and a bad credential,
   * so clients cannot distinguish them.
   */
  admits(deviceId: string, credentials: Credentials): Admission | undefined {
    return this.#admit(deviceId, credentials, () => {});
  }

  /**
   * Returns true if the hub would admit a device. Records the checks in `trace` and nothing else.
   *
   * @param clock replaces the clock of the hub, to predict a decision.
   */
  wouldAdmit(deviceId: string, credentials: Credentials, trace: DecisionTrace, clock = this.#settings.clock): boolean {
    return admit(deviceId, credentials, { ...this.#grounds(), clock }, trace) !== undefined;
  }

  #grounds(): Parameters<typeof admit>[2] {
    const { host, identities, policies } = this;
    const { clock, registry, fidelity, disableDeviceSAS = false, disableModuleSAS = false } = this.#settings;
    const keys = { disableDeviceSAS, disableModuleSAS };
    return { host, identities, policies, clock, authorities: this.save(), registry, fidelity, ...keys };
  }

  /** @param onAdmitted the hub calls it for an accepted device, before the history records the decision. */
  #admit(deviceId: string, credentials: Credentials, onAdmitted: () => void): Admission | undefined {
    const trace = this.#settings.history.trace('hub', deviceId, `connection to ${this.host}`, credentials.from);
    const { host } = this;
    const admission = admit(deviceId, credentials, this.#grounds(), trace);
    if (admission !== undefined) onAdmitted();
    if (this.#settings.isOtherTenant !== true)
      this.#settings.history.record({ kind: 'service-record', ...serviceRecord(host, credentials, trace.decision()) });
    this.#settings.history.record({ kind: 'decision', ...trace.decision() });
    if (admission !== undefined) this.#lastActivity.set(deviceId, this.now());
    return admission;
  }

  /** Connects a device over `link` and ends its former connection. Returns undefined if the hub rejects the device. */
  connect(
    deviceId: string,
    credentials: Credentials,
    link: DeviceLink,
    modelId?: string,
  ): DeviceConnection | undefined {
    // The history records the end of the older connection before the decision about the newer one.
    const admission = this.#admit(deviceId, credentials, () =>
      this.connections.noteEnd(deviceId, {
        about: sessionTakenOver,
        check: 'hub-connection-kept',
        expected: 'only one connection for the device',
        found: 'a newer one, 400027',
      }),
    );
    if (admission === undefined) return undefined;
    this.announceModel(deviceId, modelId);
    const connection = new DeviceConnection(admission, link, this, credentials.from);
    this.connections.add(connection);
    // DPS creates identities but does not apply configurations, so the hub applies them here.
    this.configurations.apply(deviceId);
    return connection;
  }

  /**
   * Ends the connections of all devices, as an upgrade of the service does, and rejects new ones for a time.
   *
   * @param forMs duration in milliseconds by the clock of the hub.
   */
  maintain(forMs: Millis): void {
    this.#maintainedUntil = this.now() + forMs;
    this.connections.closeAll(hubProblems.closedForUpgrade, {
      check: 'no-fault-ordered',
      expected: 'no maintenance',
      found: 'an upgrade of the service (error 400029)',
    });
  }

  /** Returns the problem of a new connection during an upgrade of the service, and records it; undefined at other times. */
  maintenanceProblem(deviceId: string, from: string | undefined): HubProblem | undefined {
    if (this.now() >= this.#maintainedUntil) return undefined;
    const trace = this.#settings.history.trace('hub', deviceId, `connection to ${this.host}`, from);
    const found = `an upgrade of the service until ${isoInstant(this.#maintainedUntil)} (error 400030)`;
    const isOpen = trace.check('no-fault-ordered', false, 'no maintenance', found);
    this.#settings.history.record({ kind: 'decision', ...trace.decision() });
    return isOpen ? undefined : hubProblems.rejectedForUpgrade;
  }

  /**
   * Accepts a simulated visit of a device without a connection: the credential of the device and one message. Returns
   * false, and changes nothing, if a check fails, or if the visit would end another connection; the device then has to
   * connect. The history gets no event.
   */
  visit(deviceId: string, credentials: Credentials, message: HubMessage): boolean {
    const isOrdinaryTime = this.now() >= this.#maintainedUntil;
    if (!isOrdinaryTime || this.connections.isConnected(deviceId) || this.#faults.has(deviceId)) return false;
    const trace = this.#settings.history.trace('hub', deviceId, `connection to ${this.host}`, credentials.from);
    const admission = admit(deviceId, credentials, this.#grounds(), trace);
    const isOrdinary = messageSize(message) <= messageLimitBytes && faultOperationIn(message) === undefined;
    if (admission === undefined || hasFailedCheck(trace.decision()) || !isOrdinary) return false;
    this.connections.noteVisit(deviceId);
    this.configurations.apply(deviceId);
    return this.receive(admission, message) === undefined;
  }

  /** Stores the model ID that an accepted device sent. If the device sent none, the twin keeps its former model ID. */
  announceModel(deviceId: string, modelId: string | undefined): void {
    if (modelId === undefined || modelId === '') return;
    this.twinOf(deviceId);
    this.twins.putModelId(deviceId, modelId);
  }

  /** Accepts a message from an accepted device. Returns the problem if the hub refuses the message. */
  receive(admission: Admission, message: HubMessage): HubProblem | undefined {
    const { deviceId } = admission;
    const now = this.now();
    if (messageSize(message) > messageLimitBytes) return hubProblems.messageTooLarge;
    const fault = this.#faults.get(deviceId);
    if (fault !== undefined && now < fault.until) return fault.problem;
    const ordered = faultOperationIn(message);
    if (ordered !== undefined && ordered.kind !== 'close') {
      this.#faults.set(deviceId, { problem: ordered.kind, until: now + ordered.durationMs });
    }
    this.#lastActivity.set(deviceId, now);
    this.#settings.onTelemetry?.(this.host, deviceId);
    this.events.publish(telemetryOf(admission, message, now, this.twins.find(deviceId)?.modelId));
    if (ordered?.kind !== 'close') return undefined;
    const sentence = `The device requested a fault: ${ordered.type} ${ordered.reason.trim()}`.trimEnd();
    const reason = saying(hubProblems.internal, sentence);
    if (this.connections.endAfterAnswer(deviceId, now + ordered.delayMs, reason)) return undefined;
    this.connections.close(deviceId, reason);
    return reason;
  }

  /**
   * Returns true while a fault that the device injected throttles the device. Its twin and certificate requests then
   * get 429.
   */
  throttles(deviceId: string): boolean {
    const fault = this.#faults.get(deviceId);
    return fault?.problem === hubProblems.throttled && this.now() < fault.until;
  }

  /** Puts a message into the queue of a device, and delivers it if the device is subscribed. */
  send(deviceId: string, message: HubMessage): HubProblem | undefined {
    if (this.identities.find(deviceId) === undefined) return hubProblems.deviceNotFound;
    const problem = this.queueOf(deviceId).enqueue(message);
    if (problem === undefined) this.connections.drain(deviceId);
    return problem;
  }

  queueOf(deviceId: string): MessageQueue {
    const known = this.#queues.get(deviceId);
    if (known !== undefined) return known;
    const { clock } = this.#settings;
    const queue = new MessageQueue(clock, this.random, (message, fate) => this.#feedBack(deviceId, message, fate));
    this.#queues.set(deviceId, queue);
    return queue;
  }

  /** Drops expired messages. Call it before each use of the queues, because a jump of the virtual clock triggers no event. */
  tidyQueues(): void {
    for (const queue of this.#queues.values()) void queue.length;
  }

  #feedBack(deviceId: string, { ack, messageId, enqueuedAt }: QueuedMessage, fate: MessageFate): void {
    if (!isFeedbackWanted(ack, fate)) return;
    this.feedback.add({
      originalMessageId: messageId ?? '',
      enqueuedTimeUtc: hubInstant(enqueuedAt),
      statusCode: fate,
      description: fate,
      deviceId,
      deviceGenerationId: this.identities.find(deviceId)?.generationId ?? '',
    });
  }

  /** Returns the twin of a device. Creates the twin if the identity does not have one yet. */
  twinOf(deviceId: string): TwinOutcome {
    if (this.identities.find(deviceId) === undefined) return failedWith(this.notFound(deviceId));
    const twin = this.twins.find(deviceId);
    return twin === undefined ? this.twins.create(deviceId) : succeeded(twin);
  }

  /** Returns the twins of all devices or of all modules, for queries. */
  twinDocuments(of: 'devices' | 'devices.modules' = 'devices'): readonly JsonObject[] {
    return twinDocuments(this, of === 'devices' ? this.identities.all() : this.identities.modules());
  }

  /** Writes reported properties that a device sent. */
  report(deviceId: string, patch: JsonObject): TwinOutcome {
    const found = this.twinOf(deviceId);
    if (!found.ok) return found;
    const outcome = this.twins.report(deviceId, patch);
    if (outcome.ok) this.configurations.apply(deviceId);
    return outcome;
  }

  /**
   * Writes tags and desired properties for the service side: merges single names, or replaces whole sections. A subscribed
   * device gets the new desired properties.
   */
  writeTwin(deviceId: string, kind: 'patch' | 'replace', write: TwinWrite, ifMatch = '*'): TwinOutcome {
    const found = this.twinOf(deviceId);
    if (!found.ok) return found;
    const outcome = this.twins[kind](deviceId, write, ifMatch);
    if (!outcome.ok) return outcome;
    if (write.desired !== undefined) {
      const isCleared = kind === 'replace' || write.desired === null;
      const gone = !isCleared ? [] : Object.keys(found.value.desired.values).map((name) => [name, null]);
      const patch = { ...Object.fromEntries(gone), ...write.desired };
      this.connections.announce(deviceId, patch, outcome.value.desired.version);
    }
    this.configurations.apply(deviceId);
    return this.twinOf(deviceId);
  }

  /** Merges the properties of configurations into the desired properties. Returns false if the twin would exceed its limits. */
  desire(deviceId: string, patch: JsonObject): boolean {
    const outcome = this.twins.patch(deviceId, { desired: patch });
    if (!outcome.ok) return false;
    this.connections.announce(deviceId, patch, outcome.value.desired.version);
    return true;
  }

  /**
   * Writes the content of a configuration into one twin. The hub does not store this configuration, so it never applies
   * it again.
   */
  applyOnce(deviceId: string, content: JsonObject): HubProblem | undefined {
    const once = {
      id: '',
      content,
      targetCondition: '',
      priority: 0,
      metrics: {},
      etag: '',
      createdAt: 0,
      updatedAt: 0,
    };
    const outcome = this.writeTwin(deviceId, 'patch', { desired: desiredOf([once]).desired });
    return outcome.ok ? undefined : outcome.failure;
  }

  /** Creates a device or module, with a new twin. */
  createDevice(terms: IdentityTerms): Identity {
    this.twins.create(identityName(terms));
    const identity = this.identities.put(terms);
    this.configurations.apply(identityName(terms));
    return identity;
  }

  /** Deletes a device or module with all its data. Returns false if no device or module has this name. */
  deleteDevice(deviceId: string): boolean {
    const found = this.identities.delete(deviceId);
    this.twins.delete(deviceId);
    this.configurations.apply(deviceId);
    return found;
  }

  /**
   * Calls a direct method. If the device is not connected, waits for its connection first.
   *
   * @param connectMs longest wait for the connection in real milliseconds.
   * @param responseMs longest wait for the answer in real milliseconds.
   */
  async invoke(
    deviceId: string,
    { methodName, payload, connectMs, responseMs }: MethodRequest,
  ): Promise<MethodOutcome> {
    if (this.identities.find(deviceId) === undefined) return failedWith(this.notFound(deviceId));
    const link = this.connections.methodLink(deviceId) ?? (await this.#methodLinkWithin(deviceId, connectMs));
    if (link === undefined) return failedWith(hubProblems.deviceNotOnline);
    return this.calls.call(deviceId, responseMs, (requestId) => link.invoke({ requestId, methodName, payload }));
  }

  async #methodLinkWithin(deviceId: string, limitMs: number): Promise<DeviceLink | undefined> {
    if (limitMs <= 0) return undefined;
    let isLate = false;
    const late = new Promise<void>((resolve) => {
      afterRealTime(limitMs, () => {
        isLate = true;
        resolve();
      });
    });
    for (;;) {
      await Promise.race([late, this.connections.whenListening(deviceId)]);
      const link = this.connections.methodLink(deviceId);
      if (link !== undefined || isLate) return link;
    }
  }

  /** Returns the problem of a request that names a device or module which does not exist. */
  notFound(name: string): HubProblem {
    const { deviceId, moduleId } = readIdentityName(name);
    const isModule = moduleId !== undefined && this.identities.find(deviceId) !== undefined;
    return isModule ? hubProblems.moduleNotFound : hubProblems.deviceNotFound;
  }

  /** Returns the instant of the last connection or message of a device; undefined if the device was never active. */
  lastActivity(deviceId: string): Millis | undefined {
    return this.#lastActivity.get(deviceId);
  }

  #trimmed(partitionId: string, count: number): void {
    const message = `partition ${partitionId} of the built-in endpoint is full, so the hub dropped its oldest events (${count})`;
    this.#settings.history.record({ kind: 'wire', door: 'amqp', from: this.host, to: eventHubNamespace, message });
  }

  #identityChanged(deviceId: string, identity: Identity | undefined): void {
    if (identity?.status === 'enabled') return;
    const reason = identity === undefined ? hubProblems.deviceNotFound : hubProblems.unauthorized;
    this.connections.close(deviceId, reason);
    for (const each of this.identities.modules(deviceId)) this.connections.close(identityName(each), reason);
    if (identity !== undefined) return;
    if (readIdentityName(deviceId).moduleId !== undefined) this.twins.delete(deviceId);
    this.#queues.delete(deviceId);
    this.#lastActivity.delete(deviceId);
    this.#faults.delete(deviceId);
    this.credentials.drop(deviceId);
  }
}

function sha256(certificate: Buffer): string {
  return createHash('sha256').update(certificate).digest('hex');
}
