import { InvalidArgumentError, type Command } from 'commander';
import { portNumber, someText } from '../option-words.ts';
import { isServerName, serverNameSentence } from '../../sim/lab/server-name.ts';
import type { ServeOptions } from '../serve/serve.ts';

/** `rehearse serve`: the services in real time, for outside devices. */
export function addServe(program: Command): void {
  program
    .command('serve')
    .description('serve DPS and its hubs in real time, for SDKs and firmware as they are')
    .argument(
      '[lab.yaml]',
      'what to serve, with the words `cloud`, `pki`, `keys`, `enrollments` (default: one key group)',
    )
    .option('--host <address>', 'listen there and not on this computer only', someText, '127.0.0.1')
    .option(
      '--name <name>',
      'put this DNS name or IP address into the server certificate; may be repeated',
      serverNames,
      [],
    )
    .option('--https-port <port>', '0 for a free one', portNumber, 443)
    .option('--mqtt-port <port>', '0 for a free one', portNumber, 8883)
    .option('--amqp-port <port>', '0 for a free one', portNumber, 5671)
    .option(
      '--state <file>',
      'keep enrollments, registrations, identities and keys there from one start to the next',
      someText,
    )
    .option('--tpm <name...>', 'start a TPM of that name for the device to use', tpmNames, [])
    .option('--control-port <port>', 'of the control API, on 127.0.0.1; 0 for a free one', portNumber, 0)
    .option('--json', 'when ready, print one line of JSON')
    .action(async (file: string | undefined, options: ServeOptions) => {
      const { serve } = await import('../serve/serve.ts');
      process.exitCode = await serve(file, options);
    });
}

function serverNames(name: string, before: readonly string[]): readonly string[] {
  if (!isServerName(name)) {
    throw new InvalidArgumentError(`${serverNameSentence.replace(/^e/, 'E')}.`);
  }
  return [...before, name];
}

function tpmNames(name: string, before: readonly string[]): readonly string[] {
  if (!/^[\w-]{1,40}$/.test(name)) throw new InvalidArgumentError('Expected up to 40 letters, digits and dashes.');
  return [...before, name];
}
