/** Returns a certificate as PEM text (RFC 7468). @param der base64 of the DER. */
export function pemOf(der: string): string {
  return ['-----BEGIN CERTIFICATE-----', ...(der.match(/.{1,64}/g) ?? []), '-----END CERTIFICATE-----', ''].join('\n');
}
