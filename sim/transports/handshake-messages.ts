/**
 * The certificates that a server sent, from the record of handshake messages that `openssl s_client -msg` keeps: DER, in
 * the server's order; empty where there are none. TLS 1.2 and 1.3 (RFC 5246 7.4.2, RFC 8446 4.4.2).
 */
export function serverChain(record: string): Buffer[] {
  const match = /^<<< (TLS 1\.[23]), Handshake [^\n]*, Certificate\n((?: {4}[\da-f ]+\n)+)/m.exec(record);
  if (match === null) return [];
  const message = Buffer.from((match[2] ?? '').replaceAll(/\s/g, ''), 'hex');
  const isOf13 = match[1] === 'TLS 1.3';
  const chain: Buffer[] = [];
  // Type and length; in TLS 1.3 an empty context; the length of the list.
  let at = isOf13 ? 8 : 7;
  while (at + 3 <= message.length) {
    const length = message.readUIntBE(at, 3);
    chain.push(message.subarray(at + 3, at + 3 + length));
    at += 3 + length;
    // Extensions of the entry.
    if (isOf13 && at + 2 <= message.length) at += 2 + message.readUInt16BE(at);
  }
  return chain;
}
