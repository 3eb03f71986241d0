import { spawn } from 'node:child_process';
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, test } from 'vitest';

const scripts = join(dirname(dirname(dirname(fileURLToPath(import.meta.url)))), 'scripts');

const lock = (version: string): string =>
  JSON.stringify({
    packages: {
      '': { name: 'sample' },
      'node_modules/used': { version, integrity: `sha512-${version}` },
      'node_modules/used-in-tests': { version: '1.0.0', dev: true },
      'node_modules/for-another-system': { version: '1.0.0', optional: true, os: ['another'] },
    },
  });

/** A script that replaces npm: it removes node_modules, installs the packages, and writes the record of npm last. */
const npm = `rm -rf node_modules
mkdir -p node_modules/used node_modules/used-in-tests
touch node_modules/used/package.json node_modules/used-in-tests/package.json
sed 's/,"node_modules\\/for-another-system.*]}//' package-lock.json > node_modules/.package-lock.json`;

/** The parts of real key stores: programs, and files in other folders than the programs. */
const keyStoreParts = [
  'openssl',
  'softhsm2-util',
  'pkcs11-tool',
  'lib/some-machine/engines-3/pkcs11.so',
  'lib/some-machine/ossl-modules/tpm2.so',
];

/** The parts that only tests use, in the order of the `apt-get` command: the file for which setup looks, and its Debian package. */
const testParts: Readonly<Record<string, string>> = {
  tpm2: 'tpm2-tools',
  'lib/python3/dist-packages/proton/__init__.py': 'python3-qpid-proton',
  python3: 'python3',
  'lib/python3.11/ensurepip/__init__.py': 'python3-venv',
  javac: 'default-jdk-headless',
  mvn: 'maven',
  ip: 'iproute2',
  gcc: 'gcc',
  'include/MQTTClient.h': 'libpaho-mqtt-dev',
  tssgetcapability: 'tss2',
  'lib/python3/dist-packages/tpm2_pytss/__init__.py': 'python3-tpm2-pytss',
  'lib/x86_64-linux-gnu/libnss_wrapper.so': 'libnss-wrapper',
  mosquitto_pub: 'mosquitto-clients',
  curl: 'curl',
  faketime: 'faketime',
  zsh: 'zsh',
  fish: 'fish',
  chromium: 'chromium',
};
const allParts = ['swtpm', ...Object.keys(testParts)];
const aptOfTestParts = Object.entries(testParts).map(([part, name]) =>
  part.includes('/')
    ? `${name}) mkdir -p "$STUBS/../${dirname(part)}"; touch "$STUBS/../${part}"; continue ;;`
    : `${name}) name=${part} ;;`,
);

/** A script that replaces apt-get and installs the packages that its last arguments name. */
const apt = `for word; do case $word in swtpm|openssl) name=$word ;; ${aptOfTestParts.join('\n')}
softhsm2) name=softhsm2-util ;; opensc) name=pkcs11-tool ;;
libengine-pkcs11-openssl) mkdir -p "$STUBS/../lib/arm/engines-3"
touch "$STUBS/../lib/arm/engines-3/pkcs11.so"; continue ;;
tpm2-openssl) mkdir -p "$STUBS/../lib/arm/ossl-modules"
touch "$STUBS/../lib/arm/ossl-modules/tpm2.so"; continue ;;
*) continue ;; esac
printf '#!/bin/sh\\n' > "$STUBS/$name"; chmod +x "$STUBS/$name"; done`;

const sudoAdvice = (packages: string): string =>
  `Run this, then try again:\n  sudo apt-get update && sudo apt-get install -y --no-install-recommends ${packages}\n`;
const noRights = 'Installing needs root, and sudo would ask for a password.';

const clones: string[] = [];
afterEach(() => {
  for (const clone of clones.splice(0)) rmSync(clone, { recursive: true, force: true });
});

describe('setup with all parts installed', () => {
  test('starts no program and prints nothing', async () => {
    const clone = makeClone(allParts);
    clone.install('1.0.0');
    expect(await clone.setUp('--test')).toEqual({ code: 0, said: '' });
    expect(clone.calls()).toEqual([]);
  });

  test('succeeds for `npm start` without the npm packages and programs that only the tests need', async () => {
    const clone = makeClone(['swtpm']);
    clone.install('1.0.0', ['used']);
    expect(await clone.setUp()).toEqual({ code: 0, said: '' });
    expect((await clone.setUp('--test')).said).toContain('Installing npm packages');
  });
});

describe('npm packages', () => {
  const ci = 'npm ci --include=dev --ignore-scripts --no-audit --no-fund';
  const installing = 'setup: Installing npm packages (npm ci) ...\n';

  test('are installed once in a fresh clone', async () => {
    const clone = makeClone(['swtpm']);
    clone.stub('npm', npm);
    expect(await clone.setUp()).toEqual({ code: 0, said: installing });
    expect(await clone.setUp()).toEqual({ code: 0, said: '' });
    expect(clone.calls()).toEqual([ci]);
  });

  test('are installed for `npm start` if the tools that build the bundle are missing', async () => {
    const clone = makeClone(['swtpm']);
    clone.stub('npm', `${npm}\nmkdir -p node_modules/esbuild\ntouch node_modules/esbuild/package.json`);
    const packages: Record<string, object> = JSON.parse(lock('1.0.0')).packages;
    packages['node_modules/esbuild'] = { version: '1.0.0', dev: true };
    clone.write('package-lock.json', JSON.stringify({ packages }));
    clone.install('1.0.0', ['used']);
    expect((await clone.setUp()).said).toContain(installing);
  });

  test.each<[string, (clone: Clone) => void]>([
    ['package-lock.json wants another version', (clone) => clone.write('package-lock.json', lock('2.0.0'))],
    ['a package was deleted', (clone) => rmSync(join(clone.folder, 'node_modules/used'), { recursive: true })],
    [
      'npm has not written its list of installed packages',
      (clone) => rmSync(join(clone.folder, 'node_modules/.package-lock.json')),
    ],
    [
      'the list of installed packages is truncated',
      (clone) => clone.write('node_modules/.package-lock.json', lock('1.0.0').slice(0, 40)),
    ],
    ['they were made for another system', (clone) => clone.write('node_modules/.package-lock.json', lock('1.0.0'))],
  ])('are installed again, once, when %s', async (_, change) => {
    const clone = makeClone(['swtpm']);
    clone.stub('npm', npm);
    clone.install('1.0.0');
    change(clone);
    expect(await clone.setUp()).toEqual({ code: 0, said: installing });
    expect(await clone.setUp()).toEqual({ code: 0, said: '' });
    expect(clone.calls()).toEqual([ci]);
  });

  test('are reported with the first lines of the output of npm, and without a success message, if npm fails', async () => {
    const clone = makeClone(['swtpm']);
    clone.install('1.0.0');
    clone.write('package-lock.json', lock('2.0.0'));
    clone.stub('npm', 'echo out of sync >&2; yes usage | head -100; exit 7');
    const { code, said } = await clone.setUp({ npm_lifecycle_event: 'pretest' });
    expect(code).toBe(3);
    const complaint = `setup: \`npm ci\` in ${clone.folder} ended with code 7; the npm packages are not installed.\n`;
    expect(said.startsWith(`${installing}${complaint}`)).toBe(true);
    expect(said).toContain('out of sync\n');
    expect(said.split('\n').length).toBeLessThan(40);
    expect(existsSync(join(clone.folder, 'node_modules/.package-lock.json'))).toBe(false);
  });

  test('are reported if npm itself is missing', async () => {
    const clone = makeClone(['swtpm']);
    const complaint = `setup: \`npm ci\` in ${clone.folder} did not start: there is no npm on the PATH; the npm packages are not installed.\n`;
    expect(await clone.setUp()).toEqual({ code: 3, said: `${installing}${complaint}` });
  });

  test('are reported if they differ from `package-lock.json` after `npm ci`', async () => {
    const clone = makeClone(['swtpm']);
    clone.stub('npm', 'mkdir -p node_modules; echo "{\\"packages\\":{}}" > node_modules/.package-lock.json');
    expect(await clone.setUp()).toEqual({
      code: 3,
      said: `${installing}setup: \`npm ci\` in ${clone.folder} succeeded, but node_modules/used differs from package-lock.json. Remove node_modules, then try again.\n`,
    });
  });

  test('are installed by one of two parallel setups, while the other setup waits', async () => {
    const clone = makeClone(['swtpm']);
    // This npm waits, with a limit, until the second setup has reported that it waits.
    clone.stub('npm', `for i in $(seq 100); do [ -e second-waits ] && break; sleep 0.05; done\n${npm}`);
    const onSaid = (text: string): void => {
      if (text.includes('waiting until it ends')) clone.write('second-waits', '');
    };
    const both = await Promise.all([clone.setUp({}, onSaid), clone.setUp({}, onSaid)]);
    expect(both.map(({ code }) => code)).toEqual([0, 0]);
    const waiting = 'setup: Another setup is already running in this folder; waiting until it ends ...\n';
    expect(new Set(both.map(({ said }) => said))).toEqual(new Set([installing, waiting]));
    expect(clone.calls()).toEqual([ci]);
  });
});

describe('system programs', () => {
  const options = '-o DPkg::Lock::Timeout=120';
  const all = ['swtpm', ...Object.values(testParts)];

  test('are installed by apt-get if the user is root, without a question', async () => {
    const clone = makeClone([]);
    clone.install('1.0.0');
    clone.be('root');
    clone.stub('apt-get', `echo $DEBIAN_FRONTEND >> frontends\n${apt}`);
    const said = `setup: Installing ${all.join(', ')} (apt-get) ...\n`;
    expect(await clone.setUp('--test')).toEqual({ code: 0, said });
    expect(clone.calls()).toEqual(['id -u', `apt-get ${options} install -y --no-install-recommends ${all.join(' ')}`]);
    expect(clone.read('frontends')).toBe('noninteractive\n');
  });

  test('are installed after an update of the package lists if the first try fails', async () => {
    const clone = makeClone([]);
    clone.install('1.0.0');
    clone.be('root');
    clone.stub('apt-get', `case "$*" in *update) touch lists; exit ;; esac; [ -e lists ] || exit 100\n${apt}`);
    expect(await clone.setUp()).toEqual({ code: 0, said: 'setup: Installing swtpm (apt-get) ...\n' });
    const install = `apt-get ${options} install -y --no-install-recommends swtpm`;
    expect(clone.calls()).toEqual(['id -u', install, `apt-get ${options} update`, install]);
  });

  test('are installed with sudo if sudo needs no password', async () => {
    const clone = makeClone([]);
    clone.install('1.0.0');
    clone.be('somebody');
    clone.stub('sudo', 'shift; exec "$@"');
    clone.stub('apt-get', apt);
    expect(await clone.setUp()).toEqual({ code: 0, said: 'setup: Installing swtpm (apt-get) ...\n' });
    const install = `apt-get ${options} install -y --no-install-recommends swtpm`;
    expect(clone.calls()).toEqual([
      'id -u',
      'sudo -n true',
      `sudo -n env DEBIAN_FRONTEND=noninteractive ${install}`,
      install,
    ]);
  });

  test.each([
    ['sudo asks for a password', (clone: Clone) => clone.stub('sudo', 'exit 1')],
    ['there is no sudo', () => {}],
  ])('are not installed if %s; setup prints the command to run', async (_, prepare) => {
    const clone = makeClone([]);
    clone.install('1.0.0');
    clone.be('somebody');
    clone.stub('apt-get', 'exit 1');
    prepare(clone);
    expect(await clone.setUp()).toEqual({ code: 3, said: `setup: Missing: swtpm. ${noRights} ${sudoAdvice('swtpm')}` });
    expect(clone.calls().filter((call) => call.startsWith('apt-get'))).toEqual([]);
  });

  test.each([
    { when: 'before the tests outside CI', variables: { npm_lifecycle_event: 'pretest', CI: '' }, isForgiven: true },
    { when: 'before the tests in CI', variables: { npm_lifecycle_event: 'pretest', CI: '1' }, isForgiven: false },
    { when: 'for the option `--test`', variables: '--test' as const, isForgiven: false },
  ])(
    'are reported if setup cannot install them $when (setup still succeeds: $isForgiven)',
    async ({ variables, isForgiven }) => {
      const clone = makeClone(allParts.filter((part) => part !== 'swtpm' && part !== 'tpm2'));
      clone.install('1.0.0');
      clone.be('somebody');
      clone.stub('apt-get', 'exit 1');
      const advice = `setup: Missing: swtpm, tpm2. ${noRights} ${sudoAdvice('swtpm tpm2-tools')}`;
      const mercy = isForgiven ? 'setup: Tests that need a missing part will be skipped.\n' : '';
      expect(await clone.setUp(variables)).toEqual({ code: isForgiven ? 0 : 3, said: `${advice}${mercy}` });
    },
  );

  test('that apt-get fails to install are reported, with the output of apt-get and the command to run', async () => {
    const clone = makeClone([]);
    clone.install('1.0.0');
    clone.be('root');
    clone.stub('apt-get', 'echo E: no network; exit 100');
    expect(await clone.setUp()).toEqual({
      code: 3,
      said: `setup: Installing swtpm (apt-get) ...
setup: Missing: swtpm. \`apt-get\` ended with code 100. Run this, then try again:
  apt-get update && apt-get install -y --no-install-recommends swtpm
E: no network
`,
    });
  });

  test('are reported if apt-get installs nothing', async () => {
    const clone = makeClone([]);
    clone.install('1.0.0');
    clone.be('root');
    clone.stub('apt-get', '');
    const said =
      'setup: Installing swtpm (apt-get) ...\nsetup: `apt-get` succeeded, but the PATH has no swtpm. Correct the PATH, then try again.\n';
    expect(await clone.setUp()).toEqual({ code: 3, said });
  });

  test('include the programs of real key stores', async () => {
    const clone = makeClone(['swtpm'], []);
    clone.install('1.0.0');
    clone.be('root');
    clone.stub('apt-get', apt);
    const packages = ['openssl', 'softhsm2', 'opensc', 'libengine-pkcs11-openssl', 'tpm2-openssl'];
    const said = `setup: Installing ${packages.join(', ')} (apt-get) ...\n`;
    expect(await clone.setUp()).toEqual({ code: 0, said });
    expect(await clone.setUp()).toEqual({ code: 0, said: '' });
  });

  test.each([
    { CI: '', code: 0, mercy: 'setup: Software models replace the missing programs, and each run prints a warning.\n' },
    { CI: '1', code: 3, mercy: '' },
  ])('for a key store may be missing, except in CI (environment variable CI: "$CI")', async ({ CI, code, mercy }) => {
    const clone = makeClone(['swtpm'], keyStoreParts.slice(0, -1));
    clone.install('1.0.0');
    clone.be('somebody');
    clone.stub('apt-get', 'exit 1');
    const advice = `setup: Missing: tpm2-openssl. ${noRights} ${sudoAdvice('tpm2-openssl')}`;
    expect(await clone.setUp({ CI })).toEqual({ code, said: `${advice}${mercy}` });
  });

  test('are listed by name if there is no apt-get', async () => {
    const clone = makeClone([]);
    clone.install('1.0.0');
    const said =
      'setup: Missing: swtpm. apt-get is not available. Install the equivalents of the Debian packages swtpm, then try again.\n';
    expect(await clone.setUp()).toEqual({ code: 3, said });
  });
});

describe('parts for the SDKs of other languages', () => {
  const python = 'test/sdk/python/requirements.txt';
  const environment = 'node_modules/.cache/rehearsal/python';
  const installing = "setup: Installing the Python packages of Azure's SDKs ...\n";
  const makes =
    'mkdir -p "$3/bin"; printf "#!/bin/sh\\necho pip >> $STUBS/calls\\n$PIP" > "$3/bin/python"; chmod +x "$3/bin/python"';

  function cloneWithPython(): Clone {
    const clone = makeClone(allParts);
    clone.install('1.0.0');
    mkdirSync(join(clone.folder, 'test/sdk/python'), { recursive: true });
    clone.write(python, 'uamqp==1\n');
    clone.stub('python3', makes);
    return clone;
  }

  test('are installed once for the tests, again when their list changes, and never for `npm start`', async () => {
    const clone = cloneWithPython();
    expect(await clone.setUp()).toEqual({ code: 0, said: '' });
    expect(await clone.setUp('--test')).toEqual({ code: 0, said: installing });
    expect(await clone.setUp('--test')).toEqual({ code: 0, said: '' });
    clone.write(python, 'uamqp==2\n');
    expect(await clone.setUp('--test')).toEqual({ code: 0, said: installing });
    const made = `python3 -m venv ${join(clone.folder, environment)}`;
    expect(clone.calls()).toEqual([made, 'pip', made, 'pip']);
  });

  test('for Java are compiled by Maven, and again when a program changes', async () => {
    const clone = makeClone(allParts);
    clone.install('1.0.0');
    mkdirSync(join(clone.folder, 'test/sdk/java/src'), { recursive: true });
    clone.write('test/sdk/java/pom.xml', '<project/>');
    clone.write('test/sdk/java/src/A.java', 'class A {}');
    clone.stub('mvn', 'mkdir -p node_modules/.cache/rehearsal/java/lib');
    const compiling = "setup: Installing the Java packages of Azure's SDKs, and our programs for them ...\n";
    expect(await clone.setUp('--test')).toEqual({ code: 0, said: compiling });
    expect(await clone.setUp('--test')).toEqual({ code: 0, said: '' });
    clone.write('test/sdk/java/src/A.java', 'class A { int b; }');
    expect(await clone.setUp('--test')).toEqual({ code: 0, said: compiling });
  });

  test.each([
    { CI: '', code: 0, mercy: 'setup: Tests that need a missing part will be skipped.\n' },
    { CI: '1', code: 3, mercy: '' },
  ])(
    'are reported with the output of pip if pip fails, and do not count as installed (CI: "$CI")',
    async ({ CI, code, mercy }) => {
      const clone = cloneWithPython();
      const failing = { npm_lifecycle_event: 'pretest', CI, PIP: 'echo no wheel; exit 1' };
      for (let round = 0; round < 2; round++) {
        const result = await clone.setUp(failing);
        expect(result.code).toBe(code);
        expect(result.said).toMatch(
          /^setup: Installing .*\nsetup: the Python packages .* could not be installed: `.* pip install .*` ended with code 1\.\nno wheel\n/,
        );
        expect(result.said.endsWith(mercy)).toBe(true);
      }
    },
  );
});

test('setup refuses an unknown argument', async () => {
  const said = 'setup: unknown argument --tests; expected --test or no argument\n';
  expect(await makeClone([]).setUp('--tests')).toEqual({ code: 2, said });
});

test('setup refuses an old Node with a message', async () => {
  const clone = makeClone(['swtpm']);
  clone.write(
    'old.mjs',
    `Object.defineProperty(process, 'versions', { value: { ...process.versions, node: '20.18.3' } });`,
  );
  const said = 'setup: Rehearsal needs Node 20.19 or newer; this is Node 20.18.3.\n';
  const variables = { NODE_OPTIONS: `--import=${join(clone.folder, 'old.mjs')}` };
  expect(await clone.setUp(variables)).toEqual({ code: 3, said });
});

type Clone = ReturnType<typeof makeClone>;

/** Creates a fresh clone, and a PATH with shell tools and the given programs only. */
function makeClone(programs: readonly string[], parts: readonly string[] = keyStoreParts) {
  const folder = mkdtempSync(join(tmpdir(), 'rehearsal-setup-'));
  clones.push(folder);
  const stubs = join(folder, 'stubs');
  cpSync(scripts, join(folder, 'scripts'), { recursive: true });
  mkdirSync(stubs);
  for (const tool of ['sh', 'env', 'mkdir', 'rm', 'touch', 'sed', 'true', 'chmod', 'sleep', 'seq', 'yes', 'head'])
    linkTool(tool, stubs);
  const write = (file: string, text: string): void => writeFileSync(join(folder, file), text);
  const read = (file: string): string => readFileSync(join(folder, file), 'utf8');
  /** Writes a program that records its arguments and then runs a shell script. */
  const stub = (name: string, script: string): void => {
    write(`stubs/${name}`, `#!/bin/sh\necho "${name} $*" >> "$STUBS/calls"\n${script}\n`);
    chmodSync(join(stubs, name), 0o755);
  };
  for (const program of [...programs, ...parts]) {
    if (!program.includes('/')) stub(program, '');
    else {
      mkdirSync(dirname(join(folder, program)), { recursive: true });
      write(program, '');
    }
  }
  write('package-lock.json', lock('1.0.0'));
  return {
    folder,
    write,
    read,
    stub,
    be: (user: 'root' | 'somebody'): void => stub('id', `echo ${user === 'root' ? 0 : 1000}`),
    /** Writes the record that npm writes after it has installed the packages of the lock file. */
    install: (version: string, names: readonly string[] = ['used', 'used-in-tests']): void => {
      const { packages } = JSON.parse(lock(version)) as { packages: Record<string, unknown> };
      const record: Record<string, unknown> = {};
      for (const name of names) {
        mkdirSync(join(folder, 'node_modules', name), { recursive: true });
        write(`node_modules/${name}/package.json`, '{}');
        record[`node_modules/${name}`] = packages[`node_modules/${name}`];
      }
      write('node_modules/.package-lock.json', JSON.stringify({ packages: record }));
    },
    calls: (): string[] => (existsSync(join(stubs, 'calls')) ? read('stubs/calls').trim().split('\n') : []),
    setUp: (how: '--test' | '--tests' | NodeJS.ProcessEnv = {}, onSaid?: (text: string) => void) =>
      setUp(folder, stubs, how, onSaid),
  };
}

function linkTool(name: string, folder: string): void {
  const found = (process.env['PATH'] ?? '').split(delimiter).find((one) => existsSync(join(one, name)));
  if (found === undefined) throw new Error(`the tests of setup need ${name} on the PATH`);
  symlinkSync(join(found, name), join(folder, name));
}

function setUp(
  folder: string,
  stubs: string,
  how: string | NodeJS.ProcessEnv,
  onSaid: (text: string) => void = () => {},
) {
  return new Promise<{ code: number | null; said: string }>((resolve, reject) => {
    const words = typeof how === 'string' ? [how] : [];
    const variables = typeof how === 'string' ? {} : how;
    const child = spawn(process.execPath, [join(folder, 'scripts/setup.mjs'), ...words], {
      env: { PATH: stubs, STUBS: stubs, ...variables },
    });
    let said = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => {
        said += text;
        onSaid(text);
      });
    }
    child.once('error', reject);
    child.once('close', (code) => resolve({ code, said }));
  });
}
