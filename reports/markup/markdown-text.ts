import { oneLine } from './plain-text.ts';

/** Escapes a text for Markdown, on one line, also in a table cell. */
export function markdownText(text: string): string {
  return oneLine(text)
    .replaceAll('&', '&amp;')
    .replaceAll(/[\\`*_[\]<>|~#]/g, '\\$&');
}

/** Escapes like `markdownText`, for a comment of a bot: without mentions, and without links from bare addresses. */
export function postedText(text: string): string {
  // A number sign starts a heading only at the beginning of a line. Elsewhere it needs no escape, and readers of the plain text would see
  // the escape.
  return withoutMentions(markdownText(text).replaceAll(/(?!^)\\#/g, '#'))
    .replaceAll('://', '&#58;//')
    .replaceAll(/\bwww\./gi, 'www&#46;');
}

/**
 * Prevents mentions of users, teams and issues of GitHub and GitLab: adds a zero-width space after `@`, and after `#` and `!` before a
 * digit. A character reference for `@` would not help, because both services resolve it before they search for mentions.
 */
export function withoutMentions(text: string): string {
  return text.replaceAll(/@(?=\w)|[#!](?=\d)/g, '$&\u200B');
}

/** Returns a link to a path, which may contain any character of a file name. */
export function markdownLink(text: string, path: string): string {
  const target = encodeURI(oneLine(path)).replaceAll(/[()#?|]/g, (c) => `%${c.charCodeAt(0).toString(16)}`);
  return `[${markdownText(text)}](${target})`;
}

/** Returns a link to an http or https address. @param address an encoded address. */
export function webLink(text: string, address: string): string {
  const target = address.replaceAll(/[()|<>\s]/g, (c) => `%${c.charCodeAt(0).toString(16).padStart(2, '0')}`);
  return `[${postedText(text)}](${target})`;
}
