import type { CertificateTable } from './certificate-table.ts';
import type { HistoryEvent } from './events.ts';

/**
 * Returns the certificates that events refer to, in the order of their first event. Keys are SHA-256 thumbprints in
 * hexadecimal capitals, and values are the DER in base64. Omits certificates from decisions that the history did not
 * record.
 */
export function certificatesIn(
  events: readonly HistoryEvent[],
  table: CertificateTable,
): Readonly<Record<string, string>> {
  const found: Record<string, string> = {};
  for (const event of events) {
    if (event.kind !== 'decision' && event.kind !== 'deed') continue;
    for (const { thumbprint } of event.certificates ?? []) {
      if (thumbprint === undefined || Object.hasOwn(found, thumbprint)) continue;
      const der = table.find(thumbprint);
      if (der !== undefined) found[thumbprint] = der.toString('base64');
    }
  }
  return found;
}
