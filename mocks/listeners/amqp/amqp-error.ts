import rhea from 'rhea';
import type { FidelitySettings } from '../../../core/cloud/fidelity.ts';
import type { Answer } from '../../dps/answer.ts';

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

/**
 * In both spellings: the Node and C SDKs read the one, the C# SDK the other. A 32-bit int, which is what the C SDK says that
 * the service sends; it takes nothing else but a text (`prov_transport_amqp_common.c`).
 */
export function retryAfterWords(seconds: number | undefined): Readonly<Record<string, unknown>> {
  if (seconds === undefined) return {};
  const wait: unknown = rhea.types.wrap_int(seconds);
  return { 'retry-after': wait, 'Retry-After': wait };
}

const conditions: Readonly<Record<number, string>> = {
  401: 'amqp:unauthorized-access',
  404: 'amqp:not-found',
  429: 'com.microsoft:device-container-throttled',
};
