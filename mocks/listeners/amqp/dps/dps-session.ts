import rhea, { type Delivery, type Receiver, type Sender } from 'rhea';
import { defined } from '../../../../core/defined.ts';
import { amqpWords, deviceApiVersion, type RegisterBody } from '../../../../core/wire/dps-wire.ts';
import type { FidelitySettings } from '../../../../core/cloud/fidelity.ts';
import type { History } from '../../../../core/history/history.ts';
import type { Transport } from '../../../../core/history/events.ts';
import { problems, type Problem } from '../../../../core/wire/problems.ts';
import type { Answer } from '../../../dps/answer.ts';
import type { Credentials } from '../../../shared/credentials.ts';
import type { Services } from '../../listener.ts';
import { judgeLink } from '../../../dps/wire-rules/judge-link.ts';
import { isSameRegistration, type RegistrationAddress } from '../../../dps/wire-rules/registration-address.ts';
import type { AmqpHandlers } from '../amqp-connection.ts';
import { addressOf } from '../amqp-address.ts';
import { amqpError, retryAfterWords } from '../amqp-error.ts';
import type { AmqpMessage } from '../amqp-message.ts';
import type { AmqpLogin } from '../amqp-sasl.ts';
import { tpmMechanism } from '../amqp-sasl-tpm.ts';
import type { Probation } from '../../shared/probation.ts';
import { parseRegistrationAddress } from './registration-address.ts';
import { dpsMessageLimit } from '../../shared/message-limit.ts';
import { readClaim } from '../../../dps/claim.ts';
import type { ConnectionCredentials } from '../../../shared/credentials.ts';

/** The parts of a device session at DPS. */
export interface AmqpDpsParts {
  readonly services: Services;
  readonly fidelity: FidelitySettings;
  readonly history: History;
  readonly credentials: ConnectionCredentials;
  readonly transport: Transport;
  readonly probation: Probation;
  /** Closes the connection at once, without a close frame. */
  cut(): void;
}

/**
 * One device at DPS over AMQP. It has a link for requests and a link for answers, both at the address of its registration. The
 * session refuses a request by rejecting its delivery; every other answer is a message.
 */
export class AmqpDpsSession {
  readonly #parts: AmqpDpsParts;
  /** The SASL mechanism `TPM`, which DPS supports and hubs do not support. */
  readonly mechanisms: AmqpHandlers['mechanisms'];
  #login: AmqpLogin | undefined;
  /** For each registration, the link over which the session sends its answers. */
  readonly #answers: { readonly address: RegistrationAddress; readonly sender: Sender }[] = [];

  constructor(parts: AmqpDpsParts) {
    this.#parts = parts;
    this.mechanisms = {
      [amqpWords.tpmMechanism]: () =>
        tpmMechanism({
          challenge: (address, tpm) => this.#challenge(address, tpm),
          welcome: (login) => this.#welcome(login, false),
        }),
    };
  }

  /** Verifies a login with SASL `PLAIN`. The user name names the registration. */
  logIn(user: string, token: string): boolean {
    const address = parseRegistrationAddress(user);
    return address !== undefined && this.#welcome({ ...address, token }, !this.#isImmediate);
  }

  attached(link: Sender | Receiver): void {
    const written = addressOf(link);
    const address = parseRegistrationAddress(written);
    const problem = this.#objection(address, link.properties?.[amqpWords.apiVersion], written);
    const end = `ATTACH ${link.is_receiver() ? 'to' : 'from'} ${(written ?? 'no address').slice(0, 300)}`;
    if (problem !== undefined || address === undefined) {
      const answer = this.#parts.services.own.refuse(problem ?? problems.noSuchPath);
      this.#note(address, end, `${answer.status} ${JSON.stringify(answer.body)}`);
      link.close(amqpError(answer, this.#parts.fidelity));
      return;
    }
    this.#note(address, end, 'attached');
    if (link.is_sender()) this.#answers.push({ address, sender: link as Sender });
  }

  message(message: AmqpMessage, link: Receiver, delivery: Delivery): void {
    const address = parseRegistrationAddress(link.target?.address);
    // The service has refused this link, but the client sent the message before it received the refusal.
    if (address === undefined || !link.is_open()) return delivery.release();
    const apiVersion = String(link.properties?.[amqpWords.apiVersion]);
    this.#parts.probation.requested();
    const answered = this.#serve(address, apiVersion, message).catch(() =>
      this.#parts.services.own.refuse(problems.internal),
    );
    answered
      .then((answer) => this.#sendAnswer(address, message, delivery, answer))
      .catch(() => link.connection.close());
  }

  get #isImmediate(): boolean {
    return this.#parts.fidelity.amqpAuthentication === 'immediate';
  }

  #welcome(login: AmqpLogin, isBelieved: boolean): boolean {
    const { idScope, registrationId, tpm } = login;
    const body = tpm === undefined ? {} : { tpm };
    const objection = isBelieved ? undefined : this.#judge(login, this.#credentialsOf(login), body);
    this.#note(
      login,
      `SASL ${tpm === undefined ? 'PLAIN' : 'TPM'} ${idScope}/registrations/${registrationId}`,
      objection === undefined ? 'ok' : `auth ${objection.errorCode}`,
    );
    if (objection !== undefined) return false;
    this.#login = login;
    return true;
  }

  async #challenge(address: RegistrationAddress, tpm: NonNullable<RegisterBody['tpm']>): Promise<Buffer | undefined> {
    const { idScope, registrationId } = address;
    const service = this.#parts.services.of(idScope);
    // The API version is not known yet: it is a property of the links, and SASL comes before the links.
    const { transport } = this.#parts;
    const call = { ...address, apiVersion: deviceApiVersion, credentials: this.#credentialsOf(undefined), transport };
    const answer = await service.register({ ...call, body: { tpm } });
    this.#note(address, `SASL TPM ${idScope}/registrations/${registrationId}`, `${answer.status}`);
    return 'authenticationKey' in answer.body ? Buffer.from(answer.body.authenticationKey, 'base64') : undefined;
  }

  /**
   * Returns the problem because of which the service refuses a link before the client sends a message over it;
   * undefined if there is none. Records a refusal in the history.
   */
  #objection(
    address: RegistrationAddress | undefined,
    apiVersion: unknown,
    written: string | undefined,
  ): Problem | undefined {
    const { history, credentials } = this.#parts;
    const refusal = judgeLink({ address, written, apiVersion, login: this.#login, from: credentials.from }, history);
    if (refusal !== undefined || address === undefined) return refusal;
    if (!this.#isImmediate || this.#login !== undefined) return undefined;
    return this.#judge(address, this.#credentialsOf(undefined), {});
  }

  #judge({ idScope, registrationId }: RegistrationAddress, credentials: Credentials, body: RegisterBody) {
    const { transport } = this.#parts;
    const claim = { idScope, registrationId, apiVersion: deviceApiVersion, credentials, body, transport };
    const objection = this.#parts.services.of(idScope).objection(claim, 'AMQP connection');
    if (objection === undefined) this.#parts.probation.admit();
    return objection;
  }

  async #serve(
    address: RegistrationAddress,
    apiVersion: string,
    { body, unreadable, properties }: AmqpMessage,
  ): Promise<Answer> {
    const { idScope, registrationId } = address;
    const service = this.#parts.services.of(idScope);
    const { transport } = this.#parts;
    const call = { idScope, registrationId, apiVersion, credentials: this.#credentialsOf(this.#login), transport };
    switch (properties[amqpWords.operationType]) {
      case amqpWords.operationStatus: {
        const operationId = properties[amqpWords.operationId];
        return service.operationStatus(call, typeof operationId === 'string' ? operationId : '');
      }
      case amqpWords.register: {
        if (unreadable !== undefined) return service.refuse(problems.malformedBody);
        if (body.length > dpsMessageLimit) return service.refuse(problems.bodyTooLarge);
        const claim = readClaim(call, body);
        if (!claim.ok) return service.refuse(claim.failure);
        // Ignores TPM keys in the body. Only the keys from the SASL exchange count, because the service made its
        // challenge for these keys.
        const { tpm: _tpm, ...rest } = claim.value.body;
        const tpm = this.#login?.tpm;
        return service.register({ ...call, body: tpm === undefined ? rest : { ...rest, tpm } });
      }
      default:
        return service.refuse(problems.noSuchPath);
    }
  }

  #credentialsOf(login: AmqpLogin | undefined): Credentials {
    const { credentials } = this.#parts;
    return login === undefined ? credentials : { ...credentials, token: login.token };
  }

  #sendAnswer(address: RegistrationAddress, message: AmqpMessage, delivery: Delivery, answer: Answer): void {
    const request = `${String(message.properties[amqpWords.operationType])} ${message.body.toString('utf8').trim()}`;
    this.#parts.probation.answered(answer.status, answer.retryAfterSeconds);
    if (answer.dropped === true) {
      this.#note(address, request, 'an injected fault closes the connection');
      this.#parts.cut();
      return;
    }
    this.#note(address, request, `${answer.status} ${JSON.stringify(answer.body)}`);
    if (answer.status >= 400) {
      delivery.reject(amqpError(answer, this.#parts.fidelity));
      return;
    }
    delivery.accept();
    const listener = this.#answers.findLast(
      ({ address: at, sender }) => isSameRegistration(at, address) && sender.is_open(),
    );
    // If the client attached no link for answers, it gets no answer.
    listener?.sender.send({
      ...defined({ correlation_id: message.correlationId }),
      application_properties: retryAfterWords(answer.retryAfterSeconds),
      // The SDKs read data sections but not value sections.
      body: rhea.message.data_section(Buffer.from(JSON.stringify(answer.body))),
    } as never);
  }

  #note(address: RegistrationAddress | undefined, request: string, answered: string): void {
    const from = address?.registrationId ?? this.#login?.registrationId ?? 'unknown';
    const { transport, history } = this.#parts;
    history.record({ kind: 'wire', door: transport, from, to: 'dps', message: `${request} → ${answered}` });
  }
}
