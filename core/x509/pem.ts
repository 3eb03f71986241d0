/** A certificate as PEM text (RFC 7468), with a line end behind it so that texts can follow each other. */
export function toPem(der: Buffer): string {
  const lines = der.toString('base64').match(/.{1,64}/g) ?? [];
  return ['-----BEGIN CERTIFICATE-----', ...lines, '-----END CERTIFICATE-----', ''].join('\n');
}

/** DER of the first certificate in a text, whatever stands before or behind it (RFC 7468 5.2); undefined if there is none. */
export function derOfPem(text: string): Buffer | undefined {
  const body = /-----BEGIN CERTIFICATE-----([\sA-Za-z0-9+/=]+)-----END CERTIFICATE-----/.exec(text)?.[1];
  return body === undefined ? undefined : Buffer.from(body, 'base64');
}
