import { auditLine } from './lines.ts';

/** Registration IDs of the entries of a trail, in their order. @param lines of a trail, by whoever wrote them. */
export function registrationIdsIn(lines: readonly string[]): readonly string[] {
  const said = lines.map((line) => auditLine.parse(JSON.parse(line)));
  return said.flatMap((line) => (line.kind === 'entry' ? [line.registrationId] : []));
}
