import { createPublicKey, type KeyObject } from 'node:crypto';
import { verifyAudit, type AuditVerdict } from '../../core/audit/verify.ts';
import { oneLine } from '../../reports/markup/plain-text.ts';
import { failed, type Result, succeeded } from '../../core/result.ts';
import { exitCodes } from '../exit-codes.ts';
import { readText } from '../files/read-text.ts';
import { mistake } from '../mistake.ts';
import { counted } from '../../reports/markup/counted.ts';

/** Verifies an audit trail, prints the verdict on stdout and returns the exit code. */
export function verifyAuditFile(file: string, keyFile: string | undefined, isJson: boolean): number {
  const text = readText(file);
  if (!text.ok) return mistake(oneLine(`${file}: ${text.failure.sentence}`));
  const key = keyFile === undefined ? succeeded(undefined) : readKey(keyFile);
  if (!key.ok) return mistake(oneLine(key.failure.sentence));
  const verdict = verifyAudit(text.value, key.value);
  process.stdout.write(isJson ? `${JSON.stringify(verdict, null, 2)}\n` : `${verdictText(file, verdict)}\n`);
  return verdict.ok ? exitCodes.asExpected : exitCodes.expectationFailed;
}

function verdictText(file: string, verdict: AuditVerdict): string {
  if (!verdict.ok) return `${oneLine(file)}:${verdict.line}  ${verdict.fault}: ${oneLine(verdict.sentence)}`;
  const { entries, shifts, station } = verdict;
  const identities = `${entries} ${entries === 1 ? 'identity' : 'identities'}`;
  return `${oneLine(file)} is unchanged since ${oneLine(station)} wrote it: ${identities} in ${counted(shifts, 'shift')}`;
}

function readKey(file: string): Result<KeyObject> {
  const text = readText(file);
  if (!text.ok) return failed('unreadable', `${file}: ${text.failure.sentence}`);
  try {
    const key = createPublicKey(text.value);
    if (key.asymmetricKeyType === 'ed25519') return succeeded(key);
    return failed('key-type', `${file} contains a key of type ${key.asymmetricKeyType}; expected an Ed25519 key`);
  } catch {
    return failed('no-key', `${file} contains no public key; expected PEM`);
  }
}
