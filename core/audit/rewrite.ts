import { canonicalJson } from '../wire/canonical-json.ts';
import { auditLine, lineHash, type AuditLine } from './lines.ts';
import type { AuditRecord } from './trail.ts';

/**
 * A trail as somebody without the key of the secure room can rewrite it: with one entry more at its end, every number and
 * every hash made anew, and signatures that are the old ones because nobody else makes them.
 */
export function withEntry(lines: readonly string[], record: AuditRecord): readonly string[] {
  const said = lines.map((line) => auditLine.parse(JSON.parse(line)));
  const last = said.findLastIndex(({ kind }) => kind === 'entry');
  const model = said[last];
  if (model?.kind !== 'entry') return lines;
  const rewritten: string[] = [];
  for (const line of [...said.slice(0, last + 1), { ...model, ...record }, ...said.slice(last + 1)]) {
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
