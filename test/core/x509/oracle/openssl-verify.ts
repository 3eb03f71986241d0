import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Millis } from '../../../../core/time/clock.ts';
import type { Purpose } from '../../../../core/x509/verify.ts';
import { anyPolicy } from '../../../../core/x509/policy-extensions.ts';

/** A chain for `openssl verify`, with certificates in PEM. */
export interface OracleQuestion {
  readonly leaf: string;
  readonly presented: readonly string[];
  readonly anchors: readonly string[];
  readonly at: Millis;
  readonly purpose: Purpose;
  readonly strict: boolean;
}

export interface OracleAnswer {
  readonly ok: boolean;
  readonly output: string;
}

/**
 * Runs `openssl verify` for many chains, two processes at a time. Any trusted certificate may end a chain (-partial_chain), the security
 * level is the level of TLS on Debian (-auth_level 2), and any policy is accepted.
 */
export async function askOpenssl(questions: readonly OracleQuestion[]): Promise<OracleAnswer[]> {
  const directory = await mkdtemp(join(tmpdir(), 'rehearsal-oracle-'));
  try {
    const answers: OracleAnswer[] = [];
    const queue = [...questions.entries()];
    const work = async (): Promise<void> => {
      for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
        const [index, question] = next;
        answers[index] = await ask(join(directory, String(index)), question);
      }
    };
    await Promise.all([work(), work()]);
    return answers;
  } finally {
    await rm(directory, { recursive: true });
  }
}

async function ask(path: string, question: OracleQuestion): Promise<OracleAnswer> {
  const files = { leaf: `${path}-leaf.pem`, presented: `${path}-presented.pem`, anchors: `${path}-anchors.pem` };
  await writeFile(files.leaf, question.leaf);
  await writeFile(files.presented, question.presented.join(''));
  await writeFile(files.anchors, question.anchors.join(''));
  const untrusted = question.presented.length === 0 ? [] : ['-untrusted', files.presented];
  const purpose = purposes[question.purpose];
  const options = [
    '-attime',
    String(Math.floor(question.at / 1000)),
    '-CAfile',
    files.anchors,
    '-no-CApath',
    '-no-CAstore',
    '-partial_chain',
    '-auth_level',
    '2',
    '-policy_check',
    '-policy',
    anyPolicy,
    ...untrusted,
    ...(purpose === undefined ? [] : ['-purpose', purpose]),
    ...(question.strict ? ['-x509_strict'] : []),
  ];
  return new Promise((resolve) => {
    execFile('openssl', ['verify', ...options, files.leaf], (error, stdout, stderr) => {
      resolve({ ok: error === null, output: `${stdout}${stderr}`.replaceAll(path, '') });
    });
  });
}

const purposes: Readonly<Record<Purpose, string | undefined>> = {
  clientAuth: 'sslclient',
  serverAuth: 'sslserver',
  any: undefined,
};
