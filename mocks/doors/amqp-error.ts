import type { FidelitySettings } from '../../core/fidelity.ts';
import type { Answer } from '../dps/answer.ts';

/** An AMQP error as rhea writes it. */
export interface AmqpError {
  readonly condition: string;
  readonly description: string;
  readonly info: Readonly<Record<string, unknown>>;
}

/** A refusal as an AMQP error: the JSON body is its description, and the wait, if there is one, stands in its info. */
export function amqpError({ status, body, retryAfterSeconds }: Answer, fidelity: FidelitySettings): AmqpError {
  const byStatus = fidelity.amqpErrorCondition === 'by-status' ? conditions[status] : undefined;
  return {
    condition: byStatus ?? 'amqp:internal-error',
    description: JSON.stringify(body),
    info: retryAfterWords(retryAfterSeconds),
  };
}

/** In both spellings: the Node and C SDKs read the one, the C# SDK the other. */
export function retryAfterWords(seconds: number | undefined): Readonly<Record<string, number>> {
  return seconds === undefined ? {} : { 'retry-after': seconds, 'Retry-After': seconds };
}

const conditions: Readonly<Record<number, string>> = {
  401: 'amqp:unauthorized-access',
  404: 'amqp:not-found',
  429: 'com.microsoft:device-container-throttled',
};
