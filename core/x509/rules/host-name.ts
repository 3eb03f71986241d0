/**
 * Returns true for a host name in the form that certificates use (RFC 5280 4.2.1.6, RFC 1034 3.5). The labels between
 * the dots are not empty, and the name has no final dot. Accepts underscores, because real host names contain them.
 * With `wildcard`, the first label may be `*`.
 */
export function isHostName(text: string, { wildcard = false } = {}): boolean {
  const labels = text.split('.');
  if (wildcard && labels[0] === '*' && labels.length > 1) labels.shift();
  return text.length <= 253 && labels.every((label) => /^[a-z0-9_-]{1,63}$/i.test(label));
}
