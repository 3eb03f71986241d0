/** A certificate as PEM text (RFC 7468), with a line end behind it so that texts can follow each other. */
export function toPem(der: Buffer): string {
  const lines = der.toString('base64').match(/.{1,64}/g) ?? [];
  return ['-----BEGIN CERTIFICATE-----', ...lines, '-----END CERTIFICATE-----', ''].join('\n');
}

/** DER of the first certificate in a text, whatever stands before or behind it (RFC 7468 5.2); undefined if there is none. */
export function derOfPem(text: string): Buffer | undefined {
  for (const block of pemBlocks(text)) {
    const body = block.slice(opening.length, -closing.length);
    if (/^[\sA-Za-z0-9+/=]+$/.test(body)) return Buffer.from(body, 'base64');
  }
  return undefined;
}

/** Returns each certificate of a text from `-----BEGIN` to `-----END CERTIFICATE-----`, in their order and without what is between them. */
export function pemBlocks(text: string): string[] {
  const blocks: string[] = [];
  for (let at = text.indexOf(opening); at >= 0;) {
    const end = text.indexOf(closing, at);
    if (end < 0) return blocks;
    // Of two opening lines in a row, the first opens nothing.
    blocks.push(text.slice(text.lastIndexOf(opening, end), end + closing.length));
    at = text.indexOf(opening, end);
  }
  return blocks;
}

const opening = '-----BEGIN CERTIFICATE-----';
const closing = '-----END CERTIFICATE-----';
