import { trustVerdicts } from '../../../core/findings/trust/trust-verdicts.ts';
import { defined } from '../../../core/defined.ts';
import { succeeded, type Result } from '../../../core/result.ts';
import { isoInstant, systemClock } from '../../../core/time/clock.ts';
import { oneLine } from '../../../reports/markup/plain-text.ts';
import { exitCodes } from '../../exit-codes.ts';
import { readOctets } from '../../files/read-text.ts';
import { mistake } from '../../mistake.ts';
import { bundleRoots } from './bundle-roots.ts';
import { readBundle } from './read-bundle.ts';
import { readHelloFile } from './read-hello-file.ts';
import type { TrustReport } from './trust-report.ts';
import { trustText } from './trust-text.ts';

/** The options of `rehearse trust`. */
export interface TrustOptions {
  readonly hello?: string;
  readonly json?: true;
}

/**
 * Prints, for each TLS profile (the TLS settings that Azure has in a period), whether a device can connect with its trust bundle and its
 * ClientHello. Returns exit code 0 if the device can connect to the services of today, otherwise 1.
 */
export function trust(file: string, options: TrustOptions): number {
  const bundle = read(file, readBundle);
  if (!bundle.ok) return mistake(bundle.failure.sentence);
  const hello = options.hello === undefined ? succeeded(undefined) : read(options.hello, readHelloFile);
  if (!hello.ok) return mistake(hello.failure.sentence);
  const now = systemClock.now();
  const roots = bundleRoots(bundle.value);
  const trusted = new Set(roots.flatMap(({ root }) => root ?? []));
  const report: TrustReport = {
    bundle: file,
    roots: roots.map((root) => ({ ...root, notAfter: isoInstant(root.notAfter), isExpired: root.notAfter < now })),
    ...defined({ hello: hello.value }),
    ...trustVerdicts(trusted, hello.value),
  };
  process.stdout.write(options.json === true ? `${JSON.stringify(report, null, 2)}\n` : trustText(report));
  return report.connectsToday ? exitCodes.asExpected : exitCodes.expectationFailed;
}

function read<T>(file: string, parse: (bytes: Buffer) => Result<T>): Result<T> {
  const bytes = readOctets(file, sizeLimit);
  const result = bytes.ok ? parse(bytes.value) : bytes;
  if (result.ok) return result;
  return { ok: false, failure: { ...result.failure, sentence: oneLine(`${file}: ${result.failure.sentence}`) } };
}

/** In octets. The bundle of an operating system has about 250 KB, and `run.json` of a long scenario some megabytes. */
const sizeLimit = 64 * 1024 ** 2;
