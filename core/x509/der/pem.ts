/** Formats a certificate as PEM text (RFC 7468). The text ends with a newline, so that texts can be concatenated. */
export function toPem(der: Buffer): string {
  const lines = der.toString('base64').match(/.{1,64}/g) ?? [];
  return ['-----BEGIN CERTIFICATE-----', ...lines, '-----END CERTIFICATE-----', ''].join('\n');
}

/**
 * Returns the DER of the first certificate in a text, or undefined if there is none. Ignores text outside the PEM block
 * (RFC 7468 5.2).
 */
export function derOfPem(text: string): Buffer | undefined {
  for (const block of pemBlocks(text)) {
    const body = block.slice(opening.length, -closing.length);
    if (/^[\sA-Za-z0-9+/=]+$/.test(body)) return Buffer.from(body, 'base64');
  }
  return undefined;
}

/** Returns each certificate of a text, from `-----BEGIN` to `-----END CERTIFICATE-----`, in order. */
export function pemBlocks(text: string): string[] {
  const blocks: string[] = [];
  for (let at = text.indexOf(opening); at >= 0;) {
    const end = text.indexOf(closing, at);
    if (end < 0) return blocks;
    // Starts at the last BEGIN line before the END line, so the function ignores a BEGIN line without its own END line.
    blocks.push(text.slice(text.lastIndexOf(opening, end), end + closing.length));
    at = text.indexOf(opening, end);
  }
  return blocks;
}

const opening = '-----BEGIN CERTIFICATE-----';
const closing = '-----END CERTIFICATE-----';
