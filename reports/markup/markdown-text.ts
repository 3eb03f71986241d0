import { oneLine } from './plain-text.ts';

/** Text as Markdown that shows it letter by letter, on one line, in a table cell too. */
export function markdownText(text: string): string {
  return oneLine(text)
    .replaceAll('&', '&amp;')
    .replaceAll(/[\\`*_[\]<>|~#]/g, '\\$&');
}

/** As `markdownText`, for what a bot posts under a pull request: without mentions, and without links from bare addresses. */
export function postedText(text: string): string {
  return withoutMentions(markdownText(text))
    .replaceAll('://', '&#58;//')
    .replaceAll(/\bwww\./gi, 'www&#46;');
}

/**
 * Text that mentions no user, team or issue of GitHub or GitLab when a bot posts it: a zero-width space follows `@`, and `#` and `!` before a digit.
 * A character reference would not do, because mentions are looked for after those are resolved.
 */
export function withoutMentions(text: string): string {
  return text.replaceAll(/@(?=\w)|[#!](?=\d)/g, '$&\u200B');
}

/** A link to a path, which may hold anything that a file name may. */
export function markdownLink(text: string, path: string): string {
  const target = encodeURI(oneLine(path)).replaceAll(/[()#?|]/g, (c) => `%${c.charCodeAt(0).toString(16)}`);
  return `[${markdownText(text)}](${target})`;
}
