import type { DirectHubConnection } from '../../../core/cloud/direct-access.ts';
import { succeeded, type Result } from '../../../core/result.ts';
import {
  ended,
  unanswered,
  type CertificateAnswer,
  type CertificateExchange,
  type CertificateOrder,
} from '../../transports/mqtt/certificate-exchange.ts';

/** The certificate requests of a device that calls its hub without a connection. */
export class DirectCertificateExchange implements Pick<CertificateExchange, 'request' | 'poll' | 'deviceId'> {
  readonly deviceId: string;
  readonly #connection: DirectHubConnection;

  constructor(connection: DirectHubConnection, deviceId: string) {
    this.#connection = connection;
    this.deviceId = deviceId;
  }

  async request({ rid, ...order }: CertificateOrder): Promise<Result<CertificateAnswer>> {
    const body = JSON.stringify({ id: this.deviceId, ...order });
    return this.#connection.requestCertificate(rid, body) ? this.poll(rid, '') : ended;
  }

  async poll(rid: string, text: string): Promise<Result<CertificateAnswer>> {
    if (!(await this.#connection.send(text))) return ended;
    let answer = this.#connection.takeAnswer();
    // An answer to an earlier request is of no use any more. A later answer to this request stays for the next poll.
    while (answer !== undefined && answer.rid !== rid) answer = this.#connection.takeAnswer();
    return answer === undefined ? unanswered : succeeded(answer);
  }
}
