import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { toPem } from '../../core/x509/der/pem.ts';
import type { Device } from '../devices/device.ts';
import { openTpmListener } from '../tpm/tpm-listener.ts';

/** The files and handles with which a program authenticates itself and the services. */
export interface ProgramCredentials {
  /** Environment variables with the paths of files, or with handles to keys. */
  readonly variables: Readonly<Record<string, string>>;
  /** Texts that no output may contain. */
  readonly secrets: readonly string[];
  /** Number of commands that the program sent to its TPM, and number of those without an answer. */
  readonly tpmCommands: { sent: number; open: number };
  /** Ends the access of the program to keys in a key store. */
  readonly release: () => void;
}

/** Writes the trusted roots and the credential of a device into a private folder, as files for its program. */
export async function writeCredentials(device: Device, folder: string): Promise<ProgramCredentials> {
  const variables: Record<string, string> = {};
  const secrets: string[] = [];
  const releases: (() => void)[] = [];
  const tpmCommands = { sent: 0, open: 0 };
  const write = (variable: string, name: string, text: string): void => {
    const path = join(folder, name);
    writeFileSync(path, text, { mode: 0o600 });
    variables[variable] = path;
  };
  write('REHEARSAL_CA_FILE', 'roots.pem', device.trustStore.map(toPem).join(''));
  const { certificate, symmetricKey } = device.flash;
  if (certificate !== undefined) {
    write('REHEARSAL_CERT_FILE', 'certificate.pem', certificate.chainPem);
    if ('keyPem' in certificate) {
      write('REHEARSAL_KEY_FILE', 'key.pem', certificate.keyPem);
      secrets.push(...certificate.keyPem.split('\n').filter((line) => line.length > 16 && !line.startsWith('-----')));
    } else {
      const { words, environment, release } = await certificate.held.access();
      releases.push(release);
      Object.assign(variables, environment);
      const handle = words[words.indexOf('-key') + 1];
      if (handle !== undefined) variables['REHEARSAL_KEY_URI'] = handle;
      secrets.push(...[handle ?? ''].flatMap((uri) => /pin-value=([^;&]+)/.exec(uri)?.[1] ?? []));
    }
  }
  if (Buffer.isBuffer(symmetricKey)) {
    const text = symmetricKey.toString('base64');
    write('REHEARSAL_SYMMETRIC_KEY_FILE', 'symmetric-key', text);
    secrets.push(text);
  }
  const { tpm } = device;
  if (tpm !== undefined) {
    const { path, close } = await openTpmListener(join(folder, 'tpm'), async (command) => {
      tpmCommands.sent++;
      tpmCommands.open++;
      try {
        return await tpm.transmit(command);
      } finally {
        tpmCommands.open--;
      }
    });
    releases.push(close);
    variables['REHEARSAL_TPM_SOCKET'] = path;
    variables['TPM2TOOLS_TCTI'] = `swtpm:path=${path}`;
  }
  return {
    variables,
    secrets,
    tpmCommands,
    release: () => {
      for (const release of releases) release();
    },
  };
}
