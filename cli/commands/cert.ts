import { InvalidArgumentError, Option, type Command } from 'commander';
import { isDuration } from '../../core/time/duration.ts';
import { isRegistrationId } from '../../core/wire/registration-id.ts';
import type { CertOptions } from '../cert/issue-cert.ts';
import { someText } from '../option-words.ts';

/** `rehearse cert`: issues the certificate of a device from a CA of a lab. */
export function addCert(program: Command): void {
  program
    .command('cert')
    .description('issue a device certificate, its key and its chain from a CA of a lab')
    .argument('<registration-id>', 'registration ID, which becomes the common name', registrationId)
    .argument('<folder>', 'folder for the files; existing files are not overwritten')
    .option('--state <file>', 'state file of the lab (`rehearse serve --state FILE`)', someText)
    .option('--pki <folder>', 'folder `pki` of the lab, instead of --state', someText)
    .option('--ca <name>', 'name of the CA in the lab file (default: the CA that issued no other CA)', someText)
    .option('--validity <duration>', 'validity from now, as an ISO 8601 duration', duration, 'P1Y')
    .addOption(new Option('--key <kind>', 'kind of key').choices(['P-256', 'RSA-2048']).default('P-256'))
    .option('--password <text>', 'password of the PKCS #12 file', someText, 'rehearsal')
    .action(async (id: string, folder: string, options: CertOptions) => {
      const { issueCert } = await import('../cert/issue-cert.ts');
      process.exitCode = await issueCert(id, folder, options);
    });
}

function registrationId(text: string): string {
  if (isRegistrationId(text) && text.length <= 64) return text;
  throw new InvalidArgumentError('Expected a registration ID of up to 64 letters, digits and -._: characters.');
}

function duration(text: string): string {
  if (isDuration(text) && !text.startsWith('-')) return text;
  throw new InvalidArgumentError('Expected an ISO 8601 duration such as P90D.');
}
