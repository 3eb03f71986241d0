import type { Failure } from '../../core/result.ts';
import type { Network } from '../world/network.ts';
import { KeyStoreDestroyed } from '../key-stores/key-store-destroyed.ts';
import { UnexpectedTpmFailure } from '../tpm/command.ts';
import { PowerLost } from './power-cut.ts';

/**
 * Explains an error inside the device that ends its attempt. Possible causes: the power fails, the TPM unexpectedly refuses a command, or
 * the key store was destroyed. Records the decision in the history.
 * @returns the failure, or undefined if `error` has another cause and is a bug of the simulation.
 */
export function deviceFailureOf(error: unknown, registrationId: string, network: Network): Failure | undefined {
  const { history } = network;
  if (error instanceof PowerLost) {
    network.decide(history.trace('device', registrationId, 'power'), (trace) =>
      trace.check('power-lasts', false, 'power until the end of the attempt', error.message),
    );
    return { code: 'power-lost', sentence: error.message };
  }
  if (error instanceof KeyStoreDestroyed) {
    network.decide(history.trace('device', registrationId, 'key store'), (trace) =>
      trace.check('credential-present', false, 'a key store that works', error.message),
    );
    return { code: 'key-store-destroyed', sentence: error.message };
  }
  if (!(error instanceof UnexpectedTpmFailure)) return undefined;
  const { command, sentence } = error.failure;
  network.decide(history.trace('device', registrationId, 'TPM'), (trace) =>
    trace.check('tpm-usable', false, 'keys without a password', `${command}: ${sentence}`),
  );
  return { code: 'tpm-refuses', sentence: 'the TPM refused a command of the client' };
}
