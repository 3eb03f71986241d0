import { auditLine } from './lines.ts';

/**
 * Returns the registration IDs of the entries of a trail, in order.
 *
 * @param lines all lines of a trail. The function does not verify them.
 */
export function registrationIdsIn(lines: readonly string[]): readonly string[] {
  const parsed = lines.map((line) => auditLine.parse(JSON.parse(line)));
  return parsed.flatMap((line) => (line.kind === 'entry' ? [line.registrationId] : []));
}
