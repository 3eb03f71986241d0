/** The parties and programs that make decisions. */
export const judges = ['dps', 'hub', 'device', 'station', 'auditor', 'pki'] as const;

export type Judge = (typeof judges)[number];

/**
 * Every named check of a decision trace. The text is the condition that is true if the check passes. Authors write the IDs in
 * `expect: { refused: … }`.
 */
export const checks = {
  // Checks of itself and of the server, which a device makes before the device sends anything.
  'client-configured': 'the device has an ID scope and an endpoint',
  'credential-present': 'the device has the credential that its attestation needs',
  'server-reachable': 'the device gets an answer from its endpoint',
  'server-certificate-trusted': 'the certificate chain of the server ends in a root that the device trusts',
  'server-certificate-valid-now': 'every certificate of the server is valid by the clock of the device',
  'server-name-matches': 'the certificate of the server names the host that the device called',
  'tpm-usable': 'the client can read or create the public keys of the TPM without a password',
  'power-lasts': 'the device has power until its attempt ends',
  'challenge-activated': 'the TPM decrypts the key that the service encrypted for it',
  'hub-connection-kept': 'the hub has not closed the connection of the device',
  'issued-certificate-fits': 'the issued certificate has the requested name and key',

  // Checks that the certificate authority of a vendor makes.
  'pki-request-authorised': 'the request has the password of a station, or a certificate that the authority issued',
  'pki-certificate-valid-now': 'the certificate to be renewed is valid now',
  'pki-rate-kept': 'the requests of this minute are within the limit of the authority',
  'pki-quota-left': 'the manufacturer has not used up the certificates that it paid for',
  'pki-subject-unchanged': 'a renewal requests the name of the old certificate',

  // The factory.
  'ek-list-sound': "no two lines of the TPM maker's list have the same TPM or the same endorsement key",
  'ek-list-matches': "the TPM maker's list has the endorsement key of each TPM",
  'station-online': 'the station holds everything that its step needs, or can reach it over a network',
  'board-works': 'the board passes its electrical test',
  'key-matches-certificate': 'the private key belongs to the certificate',
  'configuration-as-ordered': 'the ID scope and the endpoint match the order',
  'shelf-life-covered': 'the certificate is valid until the end of the longest storage time',
  'identity-unique': 'no earlier device has the same identity',
  'audit-trail-intact': 'the audit trail is unchanged since the secure room signed it',
  'audit-matches': 'the devices of the service are exactly those in the audit trail and in the production records',

  // Checks that DPS and hubs make in the TLS handshake.
  'tls-server-name-known': 'the server name in the handshake is a host of this cloud',
  'tls-version-supported': 'the client offers a TLS version that the host speaks',
  'tls-suite-supported': 'the client offers a cipher suite that the host speaks with its certificate',
  'tls-parameters-supported': 'the client offers a group and a signature algorithm that the host supports',
  'tls-handshake-completed': 'the client begins with TLS and completes the handshake',

  // Checks that DPS makes for every registration.
  'request-well-formed': 'the request has the documented form',
  'registration-quota-left': 'the registrations and status lookups of this minute are within the quota',
  'poll-quota-left': 'the status polls of the device in the last ten seconds are within the quota',
  'operation-quota-left': 'the operations of this minute are within the quota',
  'id-scope-known': 'the ID scope belongs to this service',
  'registration-id-valid':
    'the registration ID has at most 128 letters, digits and - . _ : and ends in a letter, digit or dash',
  'client-id-matches':
    'the MQTT client ID is the ID in the user name: the registration ID at DPS, the device ID at a hub',
  'enrollment-found': 'the device has an individual enrollment or matches a group',
  'enrollment-enabled': 'the enrollment of the device is enabled',
  'attestation-type-matches': 'the device uses the attestation type of its enrollment',

  // DPS, X.509.
  'certificate-is-leaf': 'the certificate is a leaf and not the CA of the group',
  'certificate-readable': 'the certificate of the device can be parsed',
  'common-name-matches': 'the common name of the certificate is the registration ID',
  'thumbprint-matches': 'the certificate is the primary or secondary certificate of the enrollment',
  'chain-within-bounds': 'the chain is within the limits of size and verification work',
  'chain-complete': 'the device sent every certificate up to one that the service trusts',
  'chain-trusted': 'the chain ends in a certificate that the service trusts',
  'chain-signatures-match': 'each certificate is signed by the next',
  'algorithms-strong': 'keys and signatures of the chain have a strength of 112 bits or more',
  'certificate-valid-now': 'the certificate of the device is valid now',
  'ca-valid-now': 'each CA certificate of the chain is valid now',
  'basic-constraints-hold': 'each issuer is a CA',
  'path-length-holds': 'no CA has more CAs below it than its path length allows',
  'key-usage-allows': 'the key usage of each certificate permits its use',
  'extended-key-usage-allows': 'the extended key usage permits TLS client authentication',
  'names-permitted': 'the name constraints of the CAs permit the names in the certificates',
  'critical-extensions-known': 'every critical extension is supported',
  'certificate-policies-hold': 'the chain has a certificate policy if a CA requires one',

  // Checks that DPS makes for symmetric key and TPM attestation.
  'token-well-formed': 'the shared access signature has sr, sig and se, and an skn that the service accepts',
  'token-audience-matches': 'the audience of the token (sr) is this ID scope and registration ID',
  'token-signature-matches': 'the token is signed with a key of the enrollment',
  'token-fresh': 'the token has not expired, or expired at most five minutes ago',
  'endorsement-key-valid': 'the endorsement key and the storage root key are RSA public areas that a challenge can use',
  'endorsement-key-matches': 'the endorsement key matches the enrollment',
  'challenge-answered': 'the token is signed with the key of the challenge, which only this TPM can decrypt',
  'no-fault-ordered': 'no fault is configured for this call',
  'no-registration-under-way':
    'no other registration of the device is in progress, and no newer connection uses the client ID of the device',

  // DPS, allocation.
  'webhook-answered': 'the custom allocation webhook answers in time and with status 200',
  'webhook-answer-readable': 'the answer of the webhook is JSON that names a hub',
  'webhook-hub-linked': 'the hub that the webhook names is linked, and the enrollment permits it',
  'hub-allocated': 'the allocation policy finds a hub',
  'hub-link-healthy': 'the hub answers the service and permits it to manage devices',

  // DPS, issued certificates.
  'csr-readable': 'the certificate signing request is a PKCS #10 structure in base64-encoded DER',
  'csr-key-allowed': 'the service issues certificates for this type of key',
  'csr-signed-by-its-key': 'the request is signed with the private key that belongs to its public key',
  'csr-name-matches': 'the common name of the request is the registration ID',
  'credential-policy-known': 'the service has the credential policy that the enrollment names',
  'registry-device-enabled': 'the device is enabled in the device registry',
  'issuing-ca-usable': 'the issuing CA of the policy is active, and its certificate is valid now',

  // Checks that the device registry makes when the owner of an external CA activates this CA.
  'external-ca-chain-readable': 'the chain is PEM with one to ten certificates',
  'external-ca-key-allowed': 'the key of the CA is on the named curve P-256, P-384 or P-521',
  'external-ca-key-requested': 'the certificate has the key of the signing request',
  'external-ca-subject-matches': 'the subject of the certificate is the subject of the signing request',
  'external-ca-signature-allowed': 'the certificate is signed by ECDSA with SHA-256, SHA-384 or SHA-512',
  'external-ca-basic-constraints': 'the certificate has version 3 and critical basic constraints of a CA',
  'external-ca-path-length': 'the path length of the CA is 1',
  'external-ca-key-usage': 'the key usage is digitalSignature, keyCertSign and cRLSign',
  'external-ca-extended-key-usage': 'the certificate has no extended key usage, or one with clientAuth',
  'external-ca-key-identifier': 'the certificate has a subject key identifier',
  'external-ca-begun': 'the validity of the certificate has begun',
  'external-ca-lasts': 'the certificate is valid for at least 365 more days',
  'external-ca-chain-matches': 'each certificate of the chain is signed by the next',

  // DPS, CA certificates.
  'ca-held': 'the service has the CA certificate that the group refers to',
  'ca-verified': 'the CA certificate is verified: its owner proved possession of the key, or uploaded it as verified',
  'ca-certificate-valid': 'the uploaded certificate is a CA certificate',
  'proof-code-matches': 'the common name of the proof is the current verification code of the CA',
  'proof-signature-matches': 'the proof is signed with the key of the CA',

  // Checks that DPS makes for requests to its service API.
  'policy-token-well-formed':
    'the request has a shared access signature with sr, sig, se, and a policy in skn, or a token of the Entra ID tenant',
  'policy-known': 'the service has the shared access policy that the token names',
  'policy-token-audience-matches':
    'the audience of the token is this host, with this path or a parent of it; the audience of an Entra ID token is DPS',
  'policy-token-signature-matches':
    'the token is signed with the primary or secondary key of the policy, or with the key of the Entra ID tenant',
  'policy-token-fresh': 'the token has not expired, or expired at most five minutes ago',
  'policy-grants-right': 'the policy, or a role of the Entra ID principal, has the right that the request needs',
  'resource-found': 'the resource of the request exists',
  'resource-absent': 'the resource to be created does not exist yet',
  'etag-matches': 'the ETag of the request matches the current version',

  // IoT Hub.
  'hub-known': 'the host is a hub of this service',
  'hub-identity-found': 'the hub has an identity for the device',
  'hub-identity-enabled': 'the identity is enabled',
  'hub-credential-type-matches': 'the credential has the authentication type of the identity',
  'hub-thumbprint-matches': 'the certificate is the one with which the device registered',
  'hub-common-name-matches': 'the common name of the certificate is the device ID',
  'hub-chain-trusted': 'the chain is valid and ends in a CA that the owner of the hub added',
  'hub-certificate-valid-now': 'the certificate is valid now',
  'hub-token-well-formed':
    'the token has sr, sig and se, and its audience is this device at this hub; the audience of an Entra ID token is IoT Hub',
  'hub-token-signature-matches':
    'the token is signed with a key of the identity, of a policy with the needed right, or of the Entra ID tenant',
  'hub-policy-allows': 'the shared access policy or the Entra ID roles of the token permit the request',
  'hub-request-well-formed': 'the request of the device has the documented form, and names this device',
  'hub-token-fresh': 'the token has not expired, or expired at most five minutes ago',
  'hub-issuing-ca-synced': 'the device registry has synchronised the issuing CA of the certificate to the hub',
  'hub-device-identifier-current':
    'the issued certificate has the current identifier of the device in the device registry',
  'certificate-request-fits': 'no other certificate request of the device is active, or the new request replaces it',
} as const satisfies Record<string, string>;

export type CheckId = keyof typeof checks;

/** Returns true if `text` is the ID of a check. */
export function isCheckId(text: string): text is CheckId {
  return Object.hasOwn(checks, text);
}
