import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { afterAll, afterEach, describe, expect, test } from 'vitest';
import { openRunDirectory } from '../../../sim/tpm/state-dirs.ts';
import { hsmMissing, tpmKeysMissing } from '../key-stores/parts-present.ts';
import { playText } from '../play.ts';
import { swtpmMissing } from '../swtpm-present.ts';

const directory = openRunDirectory();
afterAll(() => directory.close());
const path = process.env['PATH'] ?? '';
afterEach(() => void (process.env['PATH'] = path));

/** A device with its private key in a key store. The expectation is the result that a broken helper program would cause. */
const scenario = (store: 'hsm' | 'tpm', transport: string, expectation: string): string => `
title: A key in a store
pki: { root: {}, ca: { issuer: root } }
cloud: { enrollmentGroups: { line: { x509: { ca: root } } } }
devices:
  it: { attestation: x509, keyStore: ${store}, transport: ${transport} }
timeline:
  - issue-certificate: { device: it, from: ca }
  - power-on: it
    expect: { ${expectation} }
`;

/** Node scripts that replace a helper program and fail at different moments. `real` is the path of the real program. */
const moments: Readonly<Record<string, string>> = {
  'before it starts its work': `process.kill(process.pid, 'SIGKILL');`,
  'with an odd exit code': `console.error('out of memory'); process.exit(42);`,
  'in the middle of its work': `
    const child = spawn(real, args, { stdio: ['pipe', 'pipe', 'pipe'] });
    process.stdin.pipe(child.stdin);
    child.stdout.pipe(process.stdout);
    if (!real.endsWith('openssl')) child.once('spawn', () => process.kill(process.pid, 'SIGKILL'));
    child.stderr.on('data', (text) => {
      process.stderr.write(text);
      if (/Engine|CONNECTION/.test(String(text))) process.kill(process.pid, 'SIGKILL');
    });`,
  'after its last octet': `
    const child = spawn(real, args, { stdio: ['pipe', 'pipe', 'pipe'] });
    process.stdin.pipe(child.stdin);
    child.stderr.pipe(process.stderr);
    child.stdout.on('data', (part) => process.stdout.write(part, () => process.kill(process.pid, 'SIGKILL')));
    child.once('close', () => process.kill(process.pid, 'SIGKILL'));`,
};

describe.each(Object.entries(moments))('a helper program that ends %s makes the scenario inconclusive', (_, script) => {
  test.skipIf(hsmMissing).each([
    ['openssl', 'refused: credential-present'],
    ['openssl', 'assigned: hub-eu'],
    ['pkcs11-tool', 'assigned: hub-eu'],
    ['softhsm2-util', 'assigned: hub-eu'],
  ])('%s for an HSM, in a scenario that expects "%s"', async (program, expectation) => {
    replace(program, script);
    const [run] = await playText(scenario('hsm', 'mqtt', expectation));
    expect(run?.verdict).toMatchObject({ kind: 'unknown', reason: reasonFor(program) });
  });

  test.skipIf(tpmKeysMissing).each(['mqtt', 'https', 'amqp-ws'])('openssl for a TPM over %s', async (transport) => {
    replace('openssl', script);
    const [run] = await playText(scenario('tpm', transport, 'refused: credential-present'));
    expect(run?.verdict).toMatchObject({ kind: 'unknown', reason: reasonFor('openssl') });
  });

  test.skipIf(swtpmMissing)('swtpm for TPM attestation', async () => {
    replace('swtpm', script.replace(`stdio: ['pipe', 'pipe', 'pipe']`, `stdio: ['pipe', 'pipe', 'pipe', 3]`));
    const [run] = await playText(`
title: A TPM
devices: { it: { attestation: tpm } }
timeline:
  - extract-ek: it
  - enroll: it
  - power-on: it
    expect: { refused: credential-present }
`);
    expect(run?.verdict).toMatchObject({ kind: 'unknown', reason: reasonFor('swtpm') });
  });
});

test.skipIf(hsmMissing)(
  'the failed check of a device that lost its key decides the verdict, even if the TLS engine crashes afterwards',
  async () => {
    const lost = scenario('hsm', 'mqtt', 'refused: credential-present');
    replace(
      'openssl',
      `console.error('The private key was not found at: pkcs11:token=t'); process.kill(process.pid, 'SIGSEGV');`,
    );
    const [run] = await playText(lost);
    expect(run?.verdict).toMatchObject({ kind: 'pass' });
  },
);

function reasonFor(program: string): unknown {
  return expect.stringMatching(
    new RegExp(`${program}.* ended (by signal SIGKILL|with exit code 42)|${program} has ended`),
  );
}

/** Replaces a program by a script during this test. */
function replace(program: string, script: string): void {
  const folder = directory.subdirectory(program);
  mkdirSync(folder, { recursive: true });
  const real = execFileSync('sh', ['-c', `command -v ${program}`], { encoding: 'utf8' }).trim();
  const head = `const { spawn } = require('node:child_process');\nconst real = ${JSON.stringify(real)};\nconst args = process.argv.slice(2);\n`;
  // The script runs the real program for all other uses of openssl.
  const body =
    program === 'openssl'
      ? `if (args[0] !== 's_client') { spawn(real, args, { stdio: 'inherit' }).once('close', (code) => process.exit(code)); } else { ${script} }`
      : script;
  writeFileSync(join(folder, program), `#!${process.execPath}\n${head}${body}\n`);
  chmodSync(join(folder, program), 0o755);
  process.env['PATH'] = `${folder}${delimiter}${path}`;
}
