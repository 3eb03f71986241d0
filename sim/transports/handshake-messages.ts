/**
 * Returns the certificates of a server from the output of `openssl s_client -msg`, for TLS 1.2 and 1.3 (RFC 5246 7.4.2, RFC 8446 4.4.2).
 * The result is DER in the order in which the server sent the certificates; empty if the server sent none.
 */
export function serverChain(record: string): Buffer[] {
  const lines = record.split('\n');
  const at = lines.findIndex((line) => heading.test(line) && line.endsWith(', Certificate'));
  if (at < 0) return [];
  const rest = lines.slice(at + 1);
  // If every line matches, the result is -1. The slice then drops the last line, which may be incomplete.
  const length = rest.findIndex((line) => !/^ {4}[\da-f ]+$/.test(line));
  const message = Buffer.from(rest.slice(0, length).join('').replaceAll(' ', ''), 'hex');
  return chainIn(message, lines[at]?.startsWith('<<< TLS 1.3') === true);
}

const heading = /^<<< TLS 1\.[23], Handshake /;

function chainIn(message: Buffer, isOf13: boolean): Buffer[] {
  const chain: Buffer[] = [];
  // Skips type and length, in TLS 1.3 an empty context, and the length of the list.
  let at = isOf13 ? 8 : 7;
  while (at + 3 <= message.length) {
    const length = message.readUIntBE(at, 3);
    chain.push(message.subarray(at + 3, at + 3 + length));
    at += 3 + length;
    // Skips the extensions of the certificate entry.
    if (isOf13 && at + 2 <= message.length) at += 2 + message.readUInt16BE(at);
  }
  return chain;
}
