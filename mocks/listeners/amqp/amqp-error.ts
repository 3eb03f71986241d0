import rhea from 'rhea';
import type { FidelitySettings } from '../../../core/cloud/fidelity.ts';
import type { Answer } from '../../dps/answer.ts';

/** An AMQP error in the form that rhea writes. */
export interface AmqpError {
  readonly condition: string;
  readonly description: string;
  readonly info: Readonly<Record<string, unknown>>;
}

/**
 * Returns the AMQP error for a refusal. Its description is the JSON body of the answer. `info` contains the time to wait, if
 * the answer has one.
 */
export function amqpError({ status, body, retryAfterSeconds }: Answer, fidelity: FidelitySettings): AmqpError {
  const byStatus = fidelity.amqpErrorCondition === 'by-status' ? conditions[status] : undefined;
  return {
    condition: byStatus ?? 'amqp:internal-error',
    description: JSON.stringify(body),
    info: retryAfterWords(retryAfterSeconds),
  };
}

/**
 * Returns the time to wait under two names: the Node and C SDKs read the first name, the C# SDK reads the second. The value is
 * a 32-bit int, because the C SDK expects this (`prov_transport_amqp_common.c`).
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
