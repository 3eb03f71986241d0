import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { PartMissing } from '../../core/part-missing.ts';
import { openRunDirectory } from '../tpm/state-dirs.ts';

/**
 * Compiles the clock library (time-library.c) once in each process, into a private folder that the process removes at its end. Returns the
 * path of the library.
 * @throws PartMissing if no C compiler is installed.
 */
export function timeLibrary(): Promise<string> {
  compiled ??= compile();
  return compiled;
}

let compiled: Promise<string> | undefined;

const compilerRemedy = 'apt-get install -y gcc libc6-dev';

async function compile(): Promise<string> {
  const library = join(openRunDirectory().path, 'time-library.so');
  const source = fileURLToPath(new URL('time-library.c', import.meta.url));
  try {
    await run('cc', ['-shared', '-fPIC', '-O2', '-w', '-o', library, source, '-ldl', '-lpthread'], {
      timeout: limitMs,
    });
    return library;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT')
      throw new PartMissing('cc', compilerRemedy);
    throw error;
  }
}

const run = promisify(execFile);
/** Real milliseconds. The compiler needs a tenth of a second. */
const limitMs = 60_000;
