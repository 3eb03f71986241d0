import { createPublicKey, type KeyObject } from 'node:crypto';
import { verifyAudit, type AuditVerdict } from '../../core/audit/verify.ts';
import { oneLine } from '../../reports/markup/plain-text.ts';
import { exitCodes } from '../exit-codes.ts';
import { readText } from '../files/read-text.ts';
import { counted } from '../files/tell-mistakes.ts';

/** Judges an audit trail, tells the verdict on stdout and returns the exit code. */
export function verifyAuditFile(file: string, keyFile: string | undefined, isJson: boolean): number {
  const text = read(file);
  if (text instanceof Error) return mistake(`${file}: ${text.message}`);
  const key = keyFile === undefined ? undefined : readKey(keyFile);
  if (key instanceof Error) return mistake(key.message);
  const verdict = verifyAudit(text, key);
  process.stdout.write(isJson ? `${JSON.stringify(verdict, null, 2)}\n` : `${told(file, verdict)}\n`);
  return verdict.ok ? exitCodes.asExpected : exitCodes.expectationFailed;
}

function told(file: string, verdict: AuditVerdict): string {
  if (!verdict.ok) return `${oneLine(file)}:${verdict.line}  ${verdict.fault}: ${oneLine(verdict.sentence)}`;
  const { entries, shifts, station } = verdict;
  const identities = `${entries} ${entries === 1 ? 'identity' : 'identities'}`;
  return `${oneLine(file)} is as ${oneLine(station)} wrote it: ${identities} in ${counted(shifts, 'shift')}`;
}

function read(file: string): string | Error {
  const text = readText(file);
  return typeof text === 'string' ? text : new Error(text.message);
}

function readKey(file: string): KeyObject | Error {
  const text = read(file);
  if (text instanceof Error) return new Error(`${file}: ${text.message}`);
  try {
    const key = createPublicKey(text);
    if (key.asymmetricKeyType === 'ed25519') return key;
    return new Error(`${file} holds a key of kind ${key.asymmetricKeyType}; an audit trail is signed with Ed25519`);
  } catch {
    return new Error(`${file} holds no public key in PEM`);
  }
}

function mistake(sentence: string): number {
  process.stderr.write(`error: ${oneLine(sentence)}\n`);
  return exitCodes.mistake;
}
