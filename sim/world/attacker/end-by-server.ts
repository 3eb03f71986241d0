import type { AttemptEnd } from '../../../core/history/events.ts';
import { ConnectionClosed, ConnectionRefused } from '../../transports/dps-connection.ts';

/**
 * Returns the outcome of an attempt whose connection the server ended.
 * @throws every other error.
 */
export function endByServer(error: unknown): AttemptEnd {
  if (!(error instanceof ConnectionClosed)) throw error;
  const outcome = error instanceof ConnectionRefused ? 'refused' : 'failed';
  return { outcome, sentence: error.message, telemetry: 'none', attempts: 1 };
}
