import { createHash } from 'node:crypto';
import { snapshotToJson, snapshotFromJson, type SavedChange } from '../../core/cloud/snapshot.ts';

/**
 * The text of a journal: lines of number, SHA-256 and JSON, separated by blanks. Line 0 names format and version, each further line
 * has the changes that became durable together. The hash covers the snapshot that the changes follow, so that a line of another
 * journal is no valid line here.
 */
const head = { format: 'rehearse lab changes', version: 1 } as const;

export function headLine(snapshotHash: string): string {
  return lineOf(snapshotHash, 0, head);
}

/** @param number of the line, from 1. */
export function changeLine(snapshotHash: string, number: number, changes: readonly SavedChange[]): string {
  return lineOf(snapshotHash, number, changes);
}

/** What a journal holds. */
export interface ReadChanges {
  readonly changes: readonly SavedChange[];
  /** Bytes at the end that are no whole line: what was written when the process or the computer stopped. Never answered. */
  readonly tornBytes: number;
}

/** Returns a sentence if a line is damaged that others follow: what was answered is then missing. */
export function readChanges(text: Buffer, snapshotHash: string): ReadChanges | { readonly problem: string } {
  const lines = linesOf(text.subarray(0, endOf(text)));
  const records = lines.map((line) => recordOf(snapshotHash, line.toString()));
  const bad = records.findIndex((record, at) => record?.number !== at);
  const end = bad === -1 ? lines.length : bad;
  if (records.slice(end).some((record) => record !== undefined)) {
    return { problem: `line ${end + 1} is damaged: its contents are not what was written` };
  }
  const [first, ...rest] = records.slice(0, end).map((record) => record?.value);
  const { format, version } = (first ?? head) as { readonly format?: unknown; readonly version?: unknown };
  if (format !== head.format || version !== head.version) {
    return { problem: `it has version ${String(version)}, this rehearse reads ${head.version}` };
  }
  const tornBytes = lines.slice(end).reduce((sum, { length }) => sum + length, 0);
  return { changes: rest.flatMap((value) => value as readonly SavedChange[]), tornBytes };
}

/** Where the octets of 0 begin that a journal ends with: room for lines to come. No line has such an octet. */
function endOf(text: Buffer): number {
  let end = text.length;
  while (end > 0 && text[end - 1] === 0) end--;
  return end;
}

/** Each with its line feed; the last one may have none. */
function linesOf(text: Buffer): readonly Buffer[] {
  const lines: Buffer[] = [];
  for (let start = 0; start < text.length;) {
    const feed = text.indexOf(0x0a, start);
    const end = feed === -1 ? text.length : feed + 1;
    lines.push(text.subarray(start, end));
    start = end;
  }
  return lines;
}

function lineOf(snapshotHash: string, number: number, value: unknown): string {
  const json = snapshotToJson(value);
  return `${number} ${hashOf(snapshotHash, number, json)} ${json}\n`;
}

/** What a line holds; undefined if it is not as it was written. */
function recordOf(
  snapshotHash: string,
  line: string,
): { readonly number: number; readonly value: unknown } | undefined {
  const [, number = '', hash, json = ''] = /^(\d{1,15}) ([0-9a-f]{64}) (.*)\n$/.exec(line) ?? [];
  return hash !== undefined && hash === hashOf(snapshotHash, Number(number), json)
    ? { number: Number(number), value: snapshotFromJson(json) }
    : undefined;
}

function hashOf(snapshotHash: string, number: number, json: string): string {
  return createHash('sha256').update(`${snapshotHash} ${number} ${json}`).digest('hex');
}
