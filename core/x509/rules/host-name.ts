/**
 * Whether a text is a host name as certificates carry it (RFC 5280 4.2.1.6, RFC 1034 3.5): labels between dots, none of
 * them empty, no dot at the end. Underscores are let pass, as they are in use. With `wildcard`, the first label may be `*`.
 */
export function isHostName(text: string, { wildcard = false } = {}): boolean {
  const labels = text.split('.');
  if (wildcard && labels[0] === '*' && labels.length > 1) labels.shift();
  return text.length <= 253 && labels.every((label) => /^[a-z0-9_-]{1,63}$/i.test(label));
}
