import { createHash } from 'node:crypto';
import { failed, type Result, succeeded } from '../../../core/result.ts';
import { snapshotToJson, snapshotFromJson, type SavedChange } from '../../../core/cloud/snapshot.ts';

/**
 * The format of a journal: each line has a number, a SHA-256 hash and JSON, separated by blanks. Line 0 names format and version. Each
 * further line has changes that became durable together. The hash also covers the snapshot to which the changes apply, so that a line of
 * another journal is invalid here.
 */
const head = { format: 'rehearse lab changes', version: 1 } as const;

export function headLine(snapshotHash: string): string {
  return lineOf(snapshotHash, 0, head);
}

/** @param number of the line, from 1. */
export function changeLine(snapshotHash: string, number: number, changes: readonly SavedChange[]): string {
  return lineOf(snapshotHash, number, changes);
}

/** The contents of a journal. */
export interface ReadChanges {
  readonly changes: readonly SavedChange[];
  /** Bytes of an incomplete line at the end, which was being written when the process stopped. No client received an answer for it. */
  readonly tornBytes: number;
}

/** Reads a journal. Fails if any line except the last is damaged, because the journal has then lost acknowledged changes. */
export function readChanges(text: Buffer, snapshotHash: string): Result<ReadChanges> {
  const lines = linesOf(text.subarray(0, endOf(text)));
  const records = lines.map((line) => recordOf(snapshotHash, line.toString()));
  const bad = records.findIndex((record, at) => record?.number !== at);
  const end = bad === -1 ? lines.length : bad;
  if (records.slice(end).some((record) => record !== undefined)) {
    return failed('damaged', `line ${end + 1} is damaged: its hash does not match its contents`);
  }
  const [first, ...rest] = records.slice(0, end).map((record) => record?.value);
  const { format, version } = (first ?? head) as { readonly format?: unknown; readonly version?: unknown };
  if (format !== head.format || version !== head.version) {
    return failed('version', `it has version ${String(version)}, this rehearse reads ${head.version}`);
  }
  const tornBytes = lines.slice(end).reduce((sum, { length }) => sum + length, 0);
  return succeeded({ changes: rest.flatMap((value) => value as readonly SavedChange[]), tornBytes });
}

/** Returns the offset of the trailing zero octets, which are reserved for further lines. No line contains a zero octet. */
function endOf(text: Buffer): number {
  let end = text.length;
  while (end > 0 && text[end - 1] === 0) end--;
  return end;
}

/** Splits a journal into lines, each with its line feed; the last line may have none. */
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

/** Returns the contents of a line; undefined if its hash does not match. */
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
