import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { defined } from '../../core/defined.ts';
import { keyStores } from '../../sim/key-stores/index.ts';
import { findLibrary } from '../../sim/programs/find-library.ts';
import { packageRoot } from '../package-root.ts';
import type { Found, Part } from './part.ts';
import { lookForBundle, lookForPorts, lookForTemporaryFolder, lookForWorkingDirectory } from './places.ts';
import { lookForSwtpm } from './swtpm.ts';
import { versionOf } from './version-of.ts';

/** The consequence if a part of a real key store is missing. */
const model =
  'a software model replaces the key store, with a warning; in CI, scenarios that need the key store are skipped (exit code 3)';

/** Everything that Rehearsal uses in addition to its npm packages. A new part needs one entry here. */
export function parts(): readonly Part[] {
  return [...neededParts, ...keyStoreParts, ...programParts, ...serveParts, ...(isClone() ? testParts : [])];
}

const neededParts: readonly Part[] = [
  {
    id: 'node',
    use: 'run',
    cost: 'nothing runs',
    debian: ['nodejs'],
    brew: ['node'],
    look: () => ({ isPresent: true, detail: process.versions.node }),
  },
  { id: 'bundle', use: 'run', cost: 'nothing runs', look: lookForBundle },
  {
    id: 'swtpm',
    use: 'run',
    cost: 'scenarios with a TPM are skipped (exit code 3)',
    debian: ['swtpm'],
    brew: ['swtpm'],
    look: lookForSwtpm,
  },
  { id: 'temporary-folder', use: 'run', cost: 'no scenario runs', look: lookForTemporaryFolder },
  { id: 'working-directory', use: 'run', cost: 'a run cannot write its report', look: lookForWorkingDirectory },
];

const keyStoreParts: readonly Part[] = [
  {
    id: 'openssl',
    use: 'key-store',
    cost: model,
    debian: ['openssl'],
    brew: ['openssl@3'],
    look: () => versionOf('openssl', ['version']),
  },
  {
    id: 'softhsm',
    use: 'key-store',
    cost: model,
    debian: ['softhsm2', 'libengine-pkcs11-openssl'],
    look: async () => lookForKeyStore('hsm', await versionOf('softhsm2-util', ['--version'])),
  },
  {
    id: 'pkcs11-tool',
    use: 'key-store',
    cost: model,
    debian: ['opensc'],
    // pkcs11-tool has no option that prints its version, so this code only checks that the program starts.
    look: async () => withoutVersion(await versionOf('pkcs11-tool', ['--help'], /^(Usage)/m)),
  },
  {
    id: 'tpm2-openssl',
    use: 'key-store',
    cost: model,
    debian: ['tpm2-openssl'],
    look: () => lookForKeyStore('tpm', { isPresent: true, detail: 'installed' }),
  },
];

const programParts: readonly Part[] = [
  {
    id: 'cc',
    use: 'program',
    cost: 'scenarios with a program as a device are skipped (exit code 3)',
    debian: ['gcc', 'libc6-dev'],
    look: () => versionOf('cc', ['--version']),
  },
  {
    id: 'libnss-wrapper',
    use: 'program',
    cost: 'programs as devices need a private mount namespace; without one, their scenarios are skipped (exit code 3)',
    debian: ['libnss-wrapper'],
    look: () => {
      const path = findLibrary('libnss_wrapper.so');
      return path === undefined ? { isPresent: false, detail: 'not installed' } : { isPresent: true, detail: path };
    },
  },
];

const serveParts: readonly Part[] = [
  {
    id: 'ports',
    use: 'serve',
    cost: '`rehearse serve` needs other ports, which some SDKs cannot use',
    look: lookForPorts,
  },
  {
    id: 'tpm2-tools',
    use: 'serve',
    cost: 'you cannot use the TPM of `rehearse serve --tpm` from a shell',
    debian: ['tpm2-tools'],
    look: () => versionOf('tpm2', ['--version'], /version="?v?(\d+(?:\.\d+)+)/),
  },
];

const testParts: readonly Part[] = [
  sdk('python', ['python3', 'python3-venv'], ['python'], () => versionOf('python3', ['--version'])),
  sdk('python-sdk', [], [], () => sdkPart('python')),
  sdk('java', ['default-jdk-headless'], ['openjdk'], () => versionOf('javac', ['-version'])),
  sdk('maven', ['maven'], ['maven'], () => versionOf('mvn', ['--version'])),
  sdk('java-sdk', [], [], () => sdkPart('java')),
  {
    id: 'chromium',
    use: 'test',
    cost: 'the browser tests of report and studio are skipped',
    debian: ['chromium'],
    brew: ['chromium'],
    look: () => versionOf('chromium', ['--version']),
  },
];

function sdk(id: string, debian: readonly string[], brew: readonly string[], look: Part['look']): Part {
  const language = id.startsWith('python') ? 'Python' : 'Java';
  return {
    id,
    use: 'test',
    cost: `the tests with Azure's ${language} SDKs are skipped`,
    ...defined({
      debian: debian.length === 0 ? undefined : debian,
      brew: brew.length === 0 ? undefined : brew,
    }),
    look,
  };
}

/** Looks for the packages of an SDK, which `npm test` installs. */
function sdkPart(language: 'python' | 'java'): Found {
  const folder = join(packageRoot, 'node_modules', '.cache', 'rehearsal', language);
  return existsSync(folder)
    ? { isPresent: true, detail: folder }
    : { isPresent: false, detail: 'not installed', remedy: `node scripts/setup.mjs --test, in ${packageRoot}` };
}

/** Looks for the libraries of a key store, as a run does. */
function lookForKeyStore(name: 'hsm' | 'tpm', program: Found): Found {
  const missing = keyStores[name].missingPart?.();
  return program.isPresent && missing !== undefined
    ? { isPresent: false, detail: `${missing.part} is incomplete or not installed` }
    : program;
}

function withoutVersion(found: Found): Found {
  return found.isPresent ? { ...found, detail: 'installed' } : found;
}

/** Returns true in a clone; an installed package has no tests. */
function isClone(): boolean {
  return existsSync(join(packageRoot, 'test', 'sdk'));
}
