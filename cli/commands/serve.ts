import { InvalidArgumentError, Option, type Command } from 'commander';
import { portNumber, someText } from '../option-words.ts';
import { isServerName, serverNameSentence } from '../../sim/lab/server-name.ts';
import { tlsProfileNames } from '../../core/wire/tls/tls-profiles.ts';
import { listenerPorts } from '../../core/wire/listener-ports.ts';
import { listenerNames, portOption } from '../serve/listener-ports.ts';
import type { ServeOptions } from '../serve/serve-options.ts';
import { logFormats, logLevels } from '../serve/watch/log-entry.ts';

/** `rehearse serve`: runs the services in real time, for devices outside the simulation. */
export function addServe(program: Command): void {
  const command = program
    .command('serve')
    .description('serve a mock of DPS and of its hubs in real time, for unmodified SDKs and firmware')
    .argument('[lab.yaml]', 'lab file; `rehearse list lab` shows its words (default: one group with a symmetric key)')
    .option('--host <address>', 'address to listen at; 0.0.0.0 lets other computers connect', someText, '127.0.0.1')
    .option(
      '--name <name>',
      'put this DNS name or IP address into the server certificate; may be repeated',
      serverNames,
      [],
    );
  for (const name of listenerNames)
    command.option(
      `${portOption(name)} <port>`,
      `port of the ${name.toUpperCase()} listener; 0 for any free port`,
      portNumber,
      listenerPorts[name],
    );
  command
    .option(
      '--state <file>',
      'save enrollments, registrations, identities, keys and the root certificate in this file',
      someText,
    )
    .addOption(
      new Option(
        '--tls <profile>',
        'use the TLS settings that Azure has in a period; docs/firmware.md describes the profiles',
      ).choices(tlsProfileNames),
    )
    .option('--tpm <name...>', 'start a software TPM with this name; may be repeated', tpmNames, [])
    .option('--control-port <port>', 'port of the control API, on 127.0.0.1; 0 for any free port', portNumber, 0)
    .option('--json', 'when the lab is ready, print one line of JSON with addresses and keys')
    .addOption(
      new Option(
        '--log <level>',
        'print a line for each connection and decision; debug prints each message too (default: "normal"; "quiet" with --json)',
      ).choices(logLevels),
    )
    .addOption(
      new Option('--log-format <format>', 'format of the lines of --log (default: "text"; "json" with --json)').choices(
        logFormats,
      ),
    )
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
