import { oneLine } from './plain-text.ts';

/** Escapes a text for HTML, in an element or a quoted attribute. */
export function htmlText(text: string): string {
  return oneLine(text)
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;');
}
