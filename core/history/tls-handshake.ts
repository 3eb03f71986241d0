/**
 * First words of `about` in the decision on a TLS handshake. During the handshake, a service knows only the address of
 * the client.
 */
export const tlsHandshake = 'TLS handshake';
