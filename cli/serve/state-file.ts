import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import type { KeptCertificate } from '../../core/x509/kept.ts';
import { freeze, thaw, type CloudSnapshot } from '../../core/snapshot.ts';
import { readText } from '../files/read-text.ts';
import { writeAtomically } from '../write-atomically.ts';

/** What a lab remembers between two starts. */
export interface LabState {
  readonly idScope: string;
  /** Host names. */
  readonly hubs: readonly string[];
  /** How far its clock was ahead, in milliseconds. */
  readonly leadMs: number;
  readonly authorities: Readonly<Record<string, KeptCertificate>>;
  readonly keys: Readonly<Record<string, Buffer>>;
  readonly cloud: CloudSnapshot;
  /** Host name of the stand-in for a webhook; enrollments hold it. */
  readonly webhookHost: string | undefined;
}

const format = 'rehearse lab state';
const version = 1;

/** The text of a state file: a line that says what it is, with a hash, and a line with all there is. */
export function stateText(state: LabState): string {
  const content = freeze(state);
  return `${JSON.stringify({ format, version, sha256: hashOf(content) })}\n${content}\n`;
}

/** For its owner only: it holds keys. */
export function writeState(path: string, text: string): void {
  writeAtomically(path, text, { mode: 0o600 });
}

/** The state in a file; undefined where there is no file yet, and a sentence where the file is not as it was written. */
export function readState(path: string): { readonly state: LabState | undefined } | { readonly problem: string } {
  if (!existsSync(path)) return { state: undefined };
  const text = readText(path);
  if (typeof text !== 'string') return { problem: text.message };
  const [first = '', content = ''] = text.split('\n');
  const head = headOf(first);
  if (head?.format !== format) return { problem: 'it is no state of a lab; it stays as it is' };
  if (head.version !== version) {
    return { problem: `it has version ${String(head.version)}, this rehearse reads ${version}; it stays as it is` };
  }
  if (head.sha256 !== hashOf(content)) {
    return { problem: 'it is damaged: its contents are not what was written; it stays as it is' };
  }
  return { state: thaw(content) as LabState };
}

function headOf(
  line: string,
): { readonly format?: unknown; readonly version?: unknown; readonly sha256?: unknown } | undefined {
  try {
    return (JSON.parse(line) as object | null) ?? undefined;
  } catch {
    return undefined;
  }
}

function hashOf(content: string): string {
  return createHash('sha256').update(content).digest('hex');
}
