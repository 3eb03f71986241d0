import { canonicalJson } from '../wire/canonical-json.ts';
import { auditLine, lineHash, type AuditLine } from './lines.ts';
import type { AuditRecord } from './trail.ts';

/**
 * Forges a trail without the key of the secure room: adds an entry at its end and recomputes all numbers and hashes. The signatures
 * stay unchanged, because only the secure room can create new signatures.
 */
export function withEntry(lines: readonly string[], record: AuditRecord): readonly string[] {
  const parsed = lines.map((line) => auditLine.parse(JSON.parse(line)));
  const last = parsed.findLastIndex(({ kind }) => kind === 'entry');
  const model = parsed[last];
  if (model?.kind !== 'entry') return lines;
  const rewritten: string[] = [];
  for (const line of [...parsed.slice(0, last + 1), { ...model, ...record }, ...parsed.slice(last + 1)]) {
    rewritten.push(canonicalJson(linked(line, rewritten)));
  }
  return rewritten;
}

function linked(line: AuditLine, before: readonly string[]): AuditLine {
  if (line.kind === 'header') return line;
  const link = { number: before.length, previous: lineHash(before.at(-1) ?? '') };
  return line.kind === 'entry' ? { ...line, ...link } : { ...line, ...link, entries: before.filter(isEntry).length };
}

function isEntry(text: string): boolean {
  return auditLine.parse(JSON.parse(text)).kind === 'entry';
}
