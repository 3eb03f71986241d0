/** Who makes a decision. */
export const judges = ['dps', 'hub', 'device', 'station', 'auditor', 'pki'] as const;

export type Judge = (typeof judges)[number];

/**
 * Every named check of a decision trace, in one sentence that says what holds when it passes. The ids are the words that
 * `expect: { refused: … }` takes.
 */
export const checks = {
  // The device judges the server before it says anything.
  'client-configured': 'the device was given an ID scope and an endpoint',
  'credential-present': 'the device holds the credential that its attestation needs',
  'server-reachable': 'the endpoint that the device was given answers',
  'server-certificate-trusted': 'the server shows a chain that ends in a root that the device trusts',
  'server-certificate-valid-now': "every certificate of the server is valid by the device's own clock",
  'server-name-matches': "the server's certificate names the host that the device called",
  'tpm-usable': 'the TPM gives the client its public keys, or makes them, without a password',
  'power-lasts': 'the device has power until its attempt ends',
  'challenge-activated': 'the TPM decrypts the key that the service wrapped for it',
  'hub-connection-kept': 'the hub has not ended the connection that the device keeps',
  'issued-certificate-fits': 'the certificate that came back has the name and the key that were asked for',

  // A certificate authority that somebody else runs.
  'pki-request-authorised':
    'the request carries the password of a station, or a certificate that stands under the authority',
  'pki-certificate-valid-now': 'the certificate that is to be renewed is valid at this instant',
  'pki-rate-kept': 'the authority still takes requests in this minute',
  'pki-quota-left': 'certificates that were paid for are left',
  'pki-subject-unchanged': 'a renewal asks for the name that the old certificate has',

  // The factory.
  'ek-list-sound': "each line of the TPM maker's list has a chip and an endorsement key of its own",
  'ek-list-matches': "the TPM maker's list has the endorsement key that each chip shows",
  'station-online': 'the station that does it reaches what it needs, or holds it',
  'board-works': 'the board passes its electrical test',
  'key-matches-certificate': 'the private key is the one of the certificate',
  'configuration-as-ordered': 'the ID scope and the endpoint are the ones of the order',
  'shelf-life-covered': 'the certificate is still valid at the end of the time that the device may lie in a warehouse',
  'identity-unique': 'no device that passed before has the same identity',
  'audit-trail-intact': 'the trail is as the secure room wrote and signed it',
  'audit-matches': 'the service knows the devices of the audit trail and of the books of the line, and no others',

  // DPS, about any registration.
  'request-well-formed': 'the request has the shape that the service documents',
  'registration-quota-left': 'the service still takes registrations and status lookups in this minute',
  'poll-quota-left': 'the device has not asked after its operations too often in these ten seconds',
  'operation-quota-left': 'the service still takes operations in this minute',
  'id-scope-known': 'the ID scope belongs to this service',
  'registration-id-valid':
    'the registration ID has at most 128 letters, digits and - . _ : and ends in a letter, digit or dash',
  'client-id-matches': 'the MQTT client ID is the registration ID, or at a hub the device ID, of the user name',
  'enrollment-found': 'an individual enrollment or a group covers the device',
  'enrollment-enabled': 'the enrollment that covers the device is enabled',
  'attestation-type-matches': 'the device attests in the way that its enrollment names',

  // DPS, X.509.
  'certificate-is-leaf': "the certificate is the device's own and not the CA of its group",
  'certificate-readable': 'the device shows a certificate that can be read',
  'common-name-matches': "the subject's common name is the registration ID",
  'thumbprint-matches': 'the certificate is the primary or the secondary of the enrollment',
  'chain-within-bounds': 'the chain is small enough, and takes little enough work, to be judged',
  'chain-complete': 'each certificate up to one that the service knows was sent',
  'chain-trusted': 'the chain ends in a certificate that the service knows',
  'chain-signatures-match': 'each certificate is signed by the next',
  'algorithms-strong': 'keys and signatures of the chain have a strength of 112 bits or more',
  'certificate-valid-now': "the device's certificate is valid at this instant",
  'ca-valid-now': 'each CA certificate of the chain is valid at this instant',
  'basic-constraints-hold': 'each issuer is a CA',
  'path-length-holds': 'no CA has more CAs below it than it allows',
  'key-usage-allows': 'each key is used for what its certificate allows',
  'extended-key-usage-allows': 'the certificate may be used by a TLS client',
  'names-permitted': 'the name constraints of the CAs permit the name',
  'critical-extensions-known': 'every critical extension is understood',
  'certificate-policies-hold': 'where a CA asks for a policy, the chain has one',

  // DPS, symmetric key and TPM.
  'token-well-formed': 'the shared access signature has sr, sig and se, and an skn that the service accepts',
  'token-audience-matches': 'the token is made for this ID scope and registration ID',
  'token-signature-matches': 'the token is signed with a key of the enrollment',
  'token-fresh': 'the token is not older than five minutes past its expiry',
  'endorsement-key-valid':
    'the endorsement key and storage root key are RSA public areas that a challenge can be made for',
  'endorsement-key-matches': 'the endorsement key is the one of the enrollment',
  'challenge-answered': 'the token is signed with the key of the challenge, which only this TPM can unwrap',
  'no-fault-ordered': 'no fault of the service was ordered for the call',
  'no-registration-under-way':
    'no other registration of the device is on its way, and no newer connection has its client ID',

  // DPS, allocation.
  'webhook-answered': 'the custom allocation webhook answers in time and with status 200',
  'webhook-answer-readable': 'the answer of the webhook is JSON that names a hub',
  'webhook-hub-linked': 'the hub that the webhook names is linked, and one of the enrollment where that names hubs',
  'hub-allocated': 'the allocation policy finds a hub',
  'hub-link-healthy': 'the service may manage devices at the hub and the hub answers it',

  // DPS, certificates that it issues.
  'csr-readable': 'the certificate signing request is a PKCS #10 structure in base64 of DER',
  'csr-key-allowed': 'the request is for a key that certificates are issued for',
  'csr-signed-by-its-key': 'the request is signed with the private half of the key inside it',
  'csr-name-matches': "the request's common name is the registration ID",
  'credential-policy-known': 'the enrollment names a credential policy that the service has',

  // DPS, CA certificates.
  'ca-held': 'the service holds the CA certificate that the group refers to',
  'ca-verified': 'the owner of the CA has proved to have its key, or vouched for it when it was uploaded',
  'ca-certificate-valid': 'what is uploaded is the certificate of a CA',
  'proof-code-matches': "the common name of the proof is the CA's present verification code",
  'proof-signature-matches': "the proof is signed with the CA's key",

  // DPS, requests of the people who run it.
  'policy-token-well-formed': 'the request carries a shared access signature with sr, sig, se and a policy in skn',
  'policy-known': 'the service has the shared access policy that the token names',
  'policy-token-audience-matches': 'the token is made for this host, and for this path or one above it',
  'policy-token-signature-matches': "the token is signed with the policy's primary or secondary key",
  'policy-token-fresh': 'the token is not older than five minutes past its expiry',
  'policy-grants-right': 'the policy grants the right that the request needs',
  'resource-found': 'what the request names exists',
  'resource-absent': 'what is to be made does not exist yet',
  'etag-matches': 'the version that the request was made for is the present one',

  // IoT Hub.
  'hub-known': 'the host is a hub of this service',
  'hub-identity-found': 'the hub has an identity for the device',
  'hub-identity-enabled': 'the identity is enabled',
  'hub-credential-type-matches': 'the device shows the kind of credential that its identity asks for',
  'hub-thumbprint-matches': 'the certificate is the one that the device registered with',
  'hub-common-name-matches': "the subject's common name is the device ID",
  'hub-chain-trusted': 'the chain ends in a CA that the owner of the hub has put there, and keeps every rule',
  'hub-certificate-valid-now': 'the certificate is valid at this instant',
  'hub-token-well-formed': 'the token has sr, sig and se, and is made for this device at this hub',
  'hub-token-signature-matches':
    "the token is signed with the identity's primary or secondary key, or with one of a policy that may connect devices",
  'hub-policy-allows': 'the shared access policy of the token allows what is asked',
  'hub-request-well-formed': 'what the device sends has the shape that the hub documents, and a topic of its own',
  'hub-token-fresh': 'the token is not older than five minutes past its expiry',
} as const satisfies Record<string, string>;

export type CheckId = keyof typeof checks;

/** Whether `text` names a check. */
export function isCheckId(text: string): text is CheckId {
  return Object.hasOwn(checks, text);
}
