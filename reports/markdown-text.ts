import { oneLine } from './plain-text.ts';

/** Text as Markdown that shows it letter by letter, on one line, in a table cell too. */
export function markdownText(text: string): string {
  return oneLine(text)
    .replaceAll('&', '&amp;')
    .replaceAll(/[\\`*_[\]<>|~#]/g, '\\$&');
}

/** A link to a path, which may hold anything that a file name may. */
export function markdownLink(text: string, path: string): string {
  const target = encodeURI(oneLine(path)).replaceAll(/[()#?|]/g, (c) => `%${c.charCodeAt(0).toString(16)}`);
  return `[${markdownText(text)}](${target})`;
}
