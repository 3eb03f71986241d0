import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { failed, type Result, succeeded } from '../../../core/result.ts';
import type { StoredCertificate } from '../../../core/x509/stored-certificate.ts';
import {
  snapshotToJson,
  snapshotFromJson,
  type CloudSnapshot,
  type SavedChange,
} from '../../../core/cloud/snapshot.ts';
import { readRegularFile } from '../../../sim/processes/read-regular-file.ts';
import { whyNot } from '../../files/file-problem.ts';
import { readText } from '../../files/read-text.ts';
import { readChanges } from './change-lines.ts';

/** The state of a lab that is saved between two starts. */
export interface LabState {
  readonly idScope: string;
  /** Host names. */
  readonly hubs: readonly string[];
  /** Lead of the lab's clock over real time, in milliseconds. */
  readonly leadMs: number;
  readonly authorities: Readonly<Record<string, StoredCertificate>>;
  readonly keys: Readonly<Record<string, Buffer>>;
  readonly cloud: CloudSnapshot;
  /** Host name of the webhook that the lab runs in place of a real webhook. Enrollments contain this name. */
  readonly webhookHost: string | undefined;
}

const format = 'rehearse lab state';
const version = 1;

/** The text of a snapshot, and its SHA-256 in hex, from which the name of its journal is derived. */
export interface StateText {
  readonly text: string;
  readonly hash: string;
}

/** Returns the text of a state file: a line with format, version and hash, and a line with the contents. */
export function stateText(state: LabState): StateText {
  const content = snapshotToJson(state);
  const hash = hashOf(content);
  return { text: `${JSON.stringify({ format, version, sha256: hash })}\n${content}\n`, hash };
}

/** Returns the name of the journal that follows a snapshot. */
export function journalName(snapshotHash: string): string {
  return `changes-${snapshotHash.slice(0, 16)}.journal`;
}

export function isJournalName(name: string): boolean {
  return /^changes-[0-9a-f]{16}\.journal$/.test(name);
}

/** The saved state of a lab. */
export interface ReadState {
  /** The state of the lab; undefined if the file does not exist yet. */
  readonly state: LabState | undefined;
  readonly changes: readonly SavedChange[];
  /** Describes dropped data. */
  readonly warning?: string;
}

/**
 * Reads a state file, and its journal if the lab was not closed properly. Fails if a file is damaged or of another version.
 *
 * @param folder folder of the journal.
 */
export function readState(path: string, folder: string): Result<ReadState> {
  const read = readSnapshot(path);
  if (!read.ok) return failed(read.failure.code, `${path}: ${read.failure.sentence}`);
  if (read.value === undefined) return succeeded({ state: undefined, changes: [] });
  const { hash, state } = read.value;
  const journal = join(folder, journalName(hash));
  if (!existsSync(journal)) return succeeded({ state, changes: [] });
  let text: Buffer;
  try {
    text = readRegularFile(journal, { followsLink: false });
  } catch (error) {
    return failed('unreadable', `${journal}: the file cannot be read: ${whyNot(error)}`);
  }
  const found = readChanges(text, hash);
  if (!found.ok) return failed(found.failure.code, `${journal}: ${found.failure.sentence}; it was left unchanged`);
  const { changes, tornBytes } = found.value;
  if (tornBytes === 0) return succeeded({ state, changes });
  const warning = `${journal}: the last ${tornBytes} bytes were dropped: an incomplete change, which was being written when the lab stopped. No client received an answer for it`;
  return succeeded({ state, changes, warning });
}

/** Returns undefined if there is no file. */
function readSnapshot(path: string): Result<{ readonly state: LabState; readonly hash: string } | undefined> {
  if (!existsSync(path)) return succeeded(undefined);
  const text = readText(path);
  if (!text.ok) return text;
  const [first = '', content = ''] = text.value.split('\n');
  const head = headOf(first);
  if (head?.format !== format) {
    return failed('format', 'it is not a lab state file; it was left unchanged');
  }
  if (head.version !== version) {
    return failed(
      'version',
      `it has version ${String(head.version)}, this rehearse reads ${version}; it was left unchanged`,
    );
  }
  const hash = hashOf(content);
  if (head.sha256 !== hash) {
    return failed('damaged', 'it is damaged: its hash does not match its contents; it was left unchanged');
  }
  return succeeded({ state: snapshotFromJson(content) as LabState, hash });
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
