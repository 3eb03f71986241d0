/**
 * Returns the words after `npx dps-rehearsal`, split as a shell splits them, including single quotes. Returns undefined if the line calls
 * another program.
 */
export function rehearseWords(line: string): readonly string[] | undefined {
  const words = [...line.matchAll(/(?:'[^']*'|[^\s'])+/g)].map(([word]) => word.replaceAll("'", ''));
  return words[0] === 'npx' && words[1] === 'dps-rehearsal' ? words.slice(2) : undefined;
}
