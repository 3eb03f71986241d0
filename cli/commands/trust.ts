import type { Command } from 'commander';
import { someText } from '../option-words.ts';
import type { TrustOptions } from '../cert/trust/trust.ts';

/** `rehearse trust`: compares the trust bundle and the ClientHello of a device with the TLS profiles of Azure. */
export function addTrust(program: Command): void {
  program
    .command('trust')
    .description('show in which periods a device with this trust bundle connects to Azure, and why not in the others')
    .argument('<bundle>', 'trust bundle of the device: PEM, DER or PKCS #7')
    .option(
      '--hello <file>',
      'ClientHello of the device: octets in binary or hexadecimal, or JSON of a history (default: compare only the roots)',
      someText,
    )
    .option('--json', 'print the result as JSON, with the verdict and the source of each profile')
    .action(async (file: string, options: TrustOptions) => {
      const { trust } = await import('../cert/trust/trust.ts');
      process.exitCode = trust(file, options);
    });
}
