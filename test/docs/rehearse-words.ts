/** The words behind `npx rehearse` as a shell splits them, with single quotes; none for a line of another program. */
export function rehearseWords(line: string): readonly string[] | undefined {
  const words = [...line.matchAll(/(?:'[^']*'|[^\s'])+/g)].map(([word]) => word.replaceAll("'", ''));
  return words[0] === 'npx' && words[1] === 'rehearse' ? words.slice(2) : undefined;
}
