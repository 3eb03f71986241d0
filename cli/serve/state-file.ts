import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { StoredCertificate } from '../../core/x509/stored-certificate.ts';
import { snapshotToJson, snapshotFromJson, type CloudSnapshot, type SavedChange } from '../../core/cloud/snapshot.ts';
import { readRegularFile } from '../../sim/processes/read-regular-file.ts';
import { whyNot } from '../files/file-problem.ts';
import { readText } from '../files/read-text.ts';
import { readChanges } from './change-lines.ts';

/** What a lab remembers between two starts. */
export interface LabState {
  readonly idScope: string;
  /** Host names. */
  readonly hubs: readonly string[];
  /** How far its clock was ahead, in milliseconds. */
  readonly leadMs: number;
  readonly authorities: Readonly<Record<string, StoredCertificate>>;
  readonly keys: Readonly<Record<string, Buffer>>;
  readonly cloud: CloudSnapshot;
  /** Host name of the stand-in for a webhook; enrollments hold it. */
  readonly webhookHost: string | undefined;
}

const format = 'rehearse lab state';
const version = 1;

/** A snapshot as it is written, and its SHA-256 in hex, which its journal is named after. */
export interface StateText {
  readonly text: string;
  readonly hash: string;
}

/** The text of a state file: a line that says what it is, with a hash, and a line with all there is. */
export function stateText(state: LabState): StateText {
  const content = snapshotToJson(state);
  const hash = hashOf(content);
  return { text: `${JSON.stringify({ format, version, sha256: hash })}\n${content}\n`, hash };
}

/** The file of the changes that follow a snapshot. */
export function journalName(snapshotHash: string): string {
  return `changes-${snapshotHash.slice(0, 16)}.journal`;
}

export function isJournalName(name: string): boolean {
  return /^changes-[0-9a-f]{16}\.journal$/.test(name);
}

/** What was kept of a lab. */
export interface ReadState {
  /** Undefined if there is no file yet. */
  readonly state: LabState | undefined;
  readonly changes: readonly SavedChange[];
  /** What was dropped, in a sentence. */
  readonly warning?: string;
}

/**
 * Reads a state file, and the journal that follows it if the lab did not end in order.
 *
 * @param folder of the journal.
 * @returns a sentence if a file is not as it was written.
 */
export function readState(path: string, folder: string): ReadState | { readonly problem: string } {
  const read = readSnapshot(path);
  if ('problem' in read) return { problem: `${path}: ${read.problem}` };
  if (read.state === undefined) return { state: undefined, changes: [] };
  const { hash, state } = read;
  const journal = join(folder, journalName(hash));
  if (!existsSync(journal)) return { state, changes: [] };
  let text: Buffer;
  try {
    text = readRegularFile(journal, { followsLink: false });
  } catch (error) {
    return { problem: `${journal}: the file cannot be read: ${whyNot(error)}` };
  }
  const found = readChanges(text, hash);
  if ('problem' in found) return { problem: `${journal}: ${found.problem}; it stays as it is` };
  const { changes, tornBytes } = found;
  if (tornBytes === 0) return { state, changes };
  const warning = `${journal}: the last ${tornBytes} bytes were dropped; they are a change that was being written when the lab was stopped, and was not answered`;
  return { state, changes, warning };
}

function readSnapshot(
  path: string,
): { readonly state: LabState; readonly hash: string } | { readonly state: undefined } | { readonly problem: string } {
  if (!existsSync(path)) return { state: undefined };
  const text = readText(path);
  if (typeof text !== 'string') return { problem: text.message };
  const [first = '', content = ''] = text.split('\n');
  const head = headOf(first);
  if (head?.format !== format) return { problem: 'it is no state of a lab; it stays as it is' };
  if (head.version !== version) {
    return { problem: `it has version ${String(head.version)}, this rehearse reads ${version}; it stays as it is` };
  }
  const hash = hashOf(content);
  if (head.sha256 !== hash) {
    return { problem: 'it is damaged: its contents are not what was written; it stays as it is' };
  }
  return { state: snapshotFromJson(content) as LabState, hash };
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
