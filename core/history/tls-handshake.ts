/** The begin of the subject matter (`about`) of a decision about a TLS handshake, in which the client has no name but its address. */
export const tlsHandshake = 'TLS handshake';
