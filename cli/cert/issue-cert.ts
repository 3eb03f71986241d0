import { spawnSync } from 'node:child_process';
import { existsSync, lstatSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { OutsideCalendar } from '../../core/time/calendar.ts';
import { systemClock } from '../../core/time/clock.ts';
import { addDuration } from '../../core/time/duration.ts';
import { generateKeyPair, type KeyKind } from '../../core/x509/mint/key-pair.ts';
import { mintCertificate } from '../../core/x509/mint/mint.ts';
import { exitCodes } from '../exit-codes.ts';
import { whyNot } from '../files/file-problem.ts';
import { makeFolder } from '../files/make-folder.ts';
import { shellCommand } from '../process/shell-command.ts';
import { type LabCa, readAuthority } from './read-authority.ts';

/** The options of `rehearse cert`. */
export interface CertOptions {
  readonly state?: string;
  readonly pki?: string;
  readonly ca?: string;
  readonly validity: string;
  readonly key: KeyKind;
  readonly password: string;
}

/**
 * Writes `device.pem` (the leaf), `chain.pem` (the leaf and the CAs that a device sends), `device-key.pem`, `ca.pem` and `device.pfx` into a
 * folder, and prints the commands that use them. Returns the exit code.
 */
export async function issueCert(registrationId: string, folder: string, options: CertOptions): Promise<number> {
  const { state, pki } = options;
  if ((state === undefined) === (pki === undefined))
    return refuse('expected exactly one of --state FILE and --pki FOLDER');
  const pkiFolder = pki ?? join(`${resolve(state ?? '')}.d`, 'pki');
  const ca = readAuthority(pkiFolder, options.ca);
  if (!ca.ok) return refuse(ca.failure.sentence);
  const taken = [...files, 'device.pfx'].find((name) => isTaken(join(folder, name)));
  if (taken !== undefined) return refuse(`${join(folder, taken)} already exists; name another folder`);
  try {
    const made = await issue(registrationId, ca.value, options);
    makeFolder(folder, 0o700);
    for (const name of files) {
      writeFileSync(join(folder, name), made[name], { flag: 'wx', mode: name === 'device-key.pem' ? 0o600 : 0o644 });
    }
  } catch (error) {
    if (error instanceof OutsideCalendar) return refuse(error.message);
    return refuse(`the certificate was not written to ${folder}: ${whyNot(error)}`);
  }
  const warning = writePkcs12(folder, options.password);
  if (warning !== undefined) process.stderr.write(`warning: ${warning}\n`);
  process.stdout.write(nextSteps(registrationId, folder, join(dirname(pkiFolder), 'root.pem'), ca.value, options));
  return exitCodes.asExpected;
}

const files = ['device.pem', 'chain.pem', 'device-key.pem', 'ca.pem'] as const;

async function issue(
  registrationId: string,
  ca: LabCa,
  { validity, key }: CertOptions,
): Promise<Readonly<Record<(typeof files)[number], string>>> {
  // The times in a certificate are whole seconds.
  const notBefore = Math.floor(systemClock.now() / 1000) * 1000;
  const leaf = await mintCertificate({
    subject: { commonName: registrationId },
    keys: await generateKeyPair(key),
    issuer: { certificate: ca.certificate, keys: ca.keys },
    notBefore,
    notAfter: addDuration(notBefore, validity),
    extendedKeyUsage: ['clientAuth'],
  });
  return {
    'device.pem': leaf.pem,
    'chain.pem': `${leaf.pem}${ca.chainPem}`,
    'device-key.pem': leaf.privateKeyPem,
    'ca.pem': ca.pem,
  };
}

/** Writes device.pfx (PKCS #12) with OpenSSL, because Node cannot write this format. Returns the reason of a failure. */
function writePkcs12(folder: string, password: string): string | undefined {
  const words = [
    'pkcs12',
    '-export',
    '-in',
    'chain.pem',
    '-inkey',
    'device-key.pem',
    '-passout',
    'env:PKCS12_PASSWORD',
  ];
  const { status, stdout, error } = spawnSync('openssl', words, {
    cwd: folder,
    env: { ...process.env, PKCS12_PASSWORD: password },
    timeout: 30_000,
  });
  if (status !== 0)
    return `device.pfx was not written, because openssl ${error === undefined ? 'failed' : 'is not installed; install it and run the command with a new folder'}`;
  writeFileSync(join(folder, 'device.pfx'), stdout, { flag: 'wx', mode: 0o600 });
  return undefined;
}

function nextSteps(id: string, folder: string, root: string, ca: LabCa, { validity, password }: CertOptions): string {
  const at = (name: string): string => join(folder, name);
  const body = JSON.stringify({ registrationId: id });
  const curl = ['curl', '--cacert', root, '--cert', at('chain.pem'), '--key', at('device-key.pem'), '-X', 'PUT'];
  return [
    `${folder} has the certificate of ${id}, issued by ${ca.name} for ${validity}:`,
    '  chain.pem       the certificate and the CAs that the device sends after it',
    '  device.pem      the certificate alone, for an individual enrollment',
    '  device-key.pem  its private key',
    '  ca.pem          the CA, for an enrollment group',
    ...(existsSync(at('device.pfx'))
      ? [`  device.pfx      key and chain as PKCS #12, with the password ${password}`]
      : []),
    '',
    '# register while the lab runs; the last lines that `rehearse serve` prints set ID scope and HTTPS port, if the lab has no symmetric key',
    'ID_SCOPE="${ID_SCOPE:-0ne00C0FFEE}" HTTPS_PORT="${HTTPS_PORT:-443}"',
    `${shellCommand([...curl, '-H', 'Content-Type: application/json', '-d', body])} --connect-to "::127.0.0.1:$HTTPS_PORT" \\`,
    `  "https://global.azure-devices-provisioning.net/$ID_SCOPE/registrations/${id}/register?api-version=2021-06-01"`,
    '',
  ].join('\n');
}

/** Returns true if the path exists, even if it is a link without a target. */
function isTaken(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false }) !== undefined;
}

function refuse(sentence: string): number {
  process.stderr.write(`error: ${sentence}\n`);
  return exitCodes.mistake;
}
