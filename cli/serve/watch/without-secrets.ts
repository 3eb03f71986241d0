import { oneLine } from '../../../reports/markup/plain-text.ts';

/** Removes signatures and keys from a text that a client sent, and escapes control characters, so that a client cannot forge a log line. */
export function withoutSecrets(text: string): string {
  return oneLine(
    text
      .replaceAll(/\b(sig=|SharedAccessKey=|password=)[^&;\s"]+/gi, '$1…')
      .replaceAll(/("(?:primaryKey|secondaryKey|authenticationKey|sasToken|privateKey)":\s*")[^"]*/gi, '$1…')
      .replaceAll(/-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z ]*PRIVATE KEY-----|$)/g, '(private key)'),
  );
}
