import type { Network } from '../world/network.ts';
import { UnexpectedTpmFailure } from '../tpm/command.ts';
import { PowerLost } from './power-cut.ts';

/**
 * What ends an attempt from inside the device: its power goes, or its TPM refuses what no client expects to be refused. The
 * decision is left in the history. Returns the sentence; undefined where `error` is something else, such as our own bug.
 */
export function mishapOf(error: unknown, registrationId: string, network: Network): string | undefined {
  if (error instanceof PowerLost) {
    network.decide(network.history.trace('device', registrationId, 'power'), (trace) =>
      trace.check('power-lasts', false, 'power until the end', error.message),
    );
    return error.message;
  }
  if (!(error instanceof UnexpectedTpmFailure)) return undefined;
  const { command, sentence } = error.failure;
  network.decide(network.history.trace('device', registrationId, 'TPM'), (trace) =>
    trace.check('tpm-usable', false, 'keys without a password', `${command}: ${sentence}`),
  );
  return 'the TPM refused what the client asked of it';
}
