import type { DirectHubConnection, DirectLogin } from '../core/cloud/direct-access.ts';
import { defined } from '../core/defined.ts';
import { failed, succeeded, type Result } from '../core/result.ts';
import type { DeviceConnection } from './hub/device-connection.ts';
import type { CredentialAnswer, DeviceLink, Interest } from './hub/device-link.ts';
import type { Hub } from './hub/hub.ts';

/**
 * Connects a device to a hub without a socket. The session has one subscription: to the answers to certificate requests. Fails if the hub
 * rejects the device.
 */
export function connectDirectly(
  hub: Hub | undefined,
  { hub: host, deviceId, token, certificates, from }: DirectLogin,
): Result<DirectHubConnection> {
  if (hub === undefined) return failed('no-host', `no host ${host}`);
  if (hub.maintenanceProblem(deviceId, from) !== undefined) return rejected(host);
  const link = new DirectLink();
  const connection = hub.connect(deviceId, { certificates, ...defined({ token, from }) }, link);
  return connection === undefined ? rejected(host) : succeeded(new DirectSession(connection, link));
}

function rejected(host: string): Result<never> {
  return failed('hub-rejects', `${host} rejects the device`);
}

/** The end of the device: it keeps the answers to certificate requests and ignores everything else. */
class DirectLink implements DeviceLink {
  readonly transport = 'mqtt';
  readonly #answers: CredentialAnswer[] = [];

  listens(to: Interest): boolean {
    return to === 'credentials';
  }

  answerCredential(answer: CredentialAnswer): void {
    this.#answers.push(answer);
  }

  takeAnswer(): CredentialAnswer | undefined {
    return this.#answers.shift();
  }

  deliver(): void {}
  desired(): void {}
  invoke(): void {}
  close(): void {}
}

/** The end of the hub. Each call corresponds to one packet of a device over MQTT. */
class DirectSession implements DirectHubConnection {
  readonly #connection: DeviceConnection;
  readonly #link: DirectLink;

  constructor(connection: DeviceConnection, link: DirectLink) {
    this.#connection = connection;
    this.#link = link;
    connection.listening();
  }

  async send(text: string): Promise<boolean> {
    if (!this.#receives()) return false;
    const problem = this.#connection.sendTelemetry({ body: Buffer.from(text), properties: new Map() });
    // Over MQTT a hub answers a refused message by ending the connection.
    if (problem !== undefined) this.close();
    else await this.#connection.issuance();
    return problem === undefined;
  }

  requestCertificate(rid: string, body: string): boolean {
    if (!this.#receives()) return false;
    this.#connection.requestCertificate(rid, Buffer.from(body));
    return true;
  }

  takeAnswer(): CredentialAnswer | undefined {
    return this.#link.takeAnswer();
  }

  close(): void {
    this.#connection.disconnected();
  }

  /** Returns false if the hub has ended the connection. Each packet of a device lets its certificate request proceed. */
  #receives(): boolean {
    const isAlive = this.#connection.isAlive();
    if (isAlive) this.#connection.proceedCredentials();
    return isAlive;
  }
}
