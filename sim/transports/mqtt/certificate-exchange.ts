import { failed, succeeded, type Result } from '../../../core/result.ts';
import type { HubConnection } from './hub-connection.ts';
import type { Inbox } from './inbox.ts';

/** A request for a certificate, as a device sends it to its hub. */
export interface CertificateOrder {
  /** Identifies the request. */
  readonly rid: string;
  /** PKCS #10 in DER, as base64. */
  readonly csr: string;
  /** `*` cancels an older request of the device. If omitted, the hub refuses the request while an older one is active. */
  readonly replace?: '*';
}

/** An answer of the hub. */
export interface CertificateAnswer {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
}

/** The certificate requests of a device over one connection to its hub. */
export class CertificateExchange {
  readonly #connection: HubConnection;
  readonly #inbox: Inbox;

  private constructor(connection: HubConnection, inbox: Inbox) {
    this.#connection = connection;
    this.#inbox = inbox;
  }

  /** Subscribes to the answers, which a device must do before its first request. */
  static async open(connection: HubConnection): Promise<Result<CertificateExchange>> {
    const subscribed = await connection.subscribe('$iothub/credentials/res/#');
    return subscribed.ok ? succeeded(new CertificateExchange(connection, subscribed.value)) : subscribed;
  }

  get deviceId(): string {
    return this.#connection.place.deviceId;
  }

  /** Sends a request and returns the first answer: 202, or a refusal. */
  async request({ rid, ...order }: CertificateOrder): Promise<Result<CertificateAnswer>> {
    const body = JSON.stringify({ id: this.deviceId, ...order });
    const isSent = await this.#connection.publish(`$iothub/credentials/POST/issueCertificate/?$rid=${rid}`, body);
    return isSent ? this.poll(rid, '') : ended;
  }

  /**
   * Sends a message of the device, and returns the answer that arrived before the acknowledgement of the message. Fails with the code
   * `no-answer` if none arrived.
   *
   * @param text telemetry; an empty text is an ordinary message too.
   */
  async poll(rid: string, text: string): Promise<Result<CertificateAnswer>> {
    // The hub sends its answers before it acknowledges a later message of the device, so nothing depends on the speed of the machine.
    if (!(await this.#connection.send(text))) return ended;
    for (let message = this.#inbox.take(); message !== undefined; message = this.#inbox.take()) {
      const status = /\/res\/(\d+)\/\?\$rid=([^&]*)/.exec(message.topic);
      if (status?.[2] === rid) return succeeded({ status: Number(status[1]), body: readObject(message.text) });
    }
    return unanswered;
  }
}

/** The failure of a request whose connection has ended. */
export const ended = failed('connection-ended', 'the hub ended the connection during the certificate request');

/** The failure of a poll to which no answer has arrived. */
export const unanswered = failed('no-answer', 'the hub has not answered the certificate request');

function readObject(text: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? { ...value } : {};
  } catch {
    return {};
  }
}
