import type { Hub } from '../../../hub/hub.ts';
import type { HubProblem } from '../../../hub/hub-problems.ts';
import type { AmqpError } from '../amqp-error.ts';
import { hubErrorBody } from '../../https/hub/hub-error-body.ts';

/**
 * Returns the AMQP error for a refusal of a hub. The error code selects the condition; the description is the JSON error body
 * of the hub.
 */
export function amqpHubError(problem: HubProblem, hub: Hub): AmqpError {
  const body = hubErrorBody(problem, hub);
  return {
    condition: byNumber[problem.errorCode] ?? byStatus[problem.status] ?? 'amqp:internal-error',
    description: JSON.stringify(body),
    info: { 'com.microsoft:tracking-id': body['trackingId'] },
  };
}

const byNumber: Readonly<Record<number, string>> = {
  400027: 'amqp:connection:forced',
  400029: 'amqp:connection:forced',
  // Clients connect again after a forced detach (AMQP 1.0 2.8.16). No source names the condition that Azure sends.
  400030: 'amqp:link:detach-forced',
  403002: 'com.microsoft:quota-exceeded',
  403004: 'amqp:resource-limit-exceeded',
};

const byStatus: Readonly<Record<number, string>> = {
  400: 'com.microsoft:argument-error',
  401: 'amqp:unauthorized-access',
  404: 'amqp:not-found',
  405: 'amqp:not-allowed',
  412: 'com.microsoft:precondition-failed',
  413: 'amqp:link:message-size-exceeded',
  429: 'com.microsoft:device-container-throttled',
};
