/**
 * The fidelity switches. Each switch selects how the mock behaves where no public source describes the real service. A
 * scenario sets the switches under `cloud: fidelity:`, and each run records the settings. The first option is the
 * default.
 */
export const fidelitySwitches = {
  disabledEnrollment: {
    options: ['at-once', 'status', 'error'],
    sentence:
      'answer for a disabled enrollment: `at-once` 200 with status "disabled" and no operation, `status` an operation that ends as "disabled", `error` 401 with 401002',
  },
  attestationFailure: {
    options: ['immediate', 'operation'],
    sentence:
      'answer for a bad certificate or token: `immediate` a 401, `operation` an operation that ends as "failed"',
  },
  badTokenNumber: {
    options: ['by-transport', '401000', '401002'],
    sentence:
      'error code for a bad device token: `by-transport` 401002 over HTTPS and 401000 over MQTT and AMQP, or one code for all transports',
  },
  otherSymmetricKey: {
    options: ['by-transport', 'accept', 'refuse'],
    sentence:
      'a registered device uses the other of its two valid keys: `by-transport` refuses it over HTTPS only, `accept` never refuses it, `refuse` refuses it over every transport',
  },
  secondRegistrationSubstatus: {
    options: ['by-version', 'unchanged'],
    sentence:
      'substatus of a device that registers again and keeps its hub and data: `by-version` reprovisionedToInitialAssignment, or initialAssignment for api-versions before 2019-04-15; `unchanged` the former substatus',
  },
  enrollmentGroupIdInState: {
    options: ['shown', 'x509-only', 'none'],
    sentence:
      'ID of the enrollment group in the registration state of a device: `shown` with every attestation, `x509-only` only with a certificate, `none` never',
  },
  wrongIdScopeOverHttps: {
    options: ['404', '401'],
    sentence:
      'HTTP status for an unknown ID scope; an AMQP client gets the error condition for this status, an MQTT client gets CONNACK 3',
  },
  missingIntermediate: {
    options: ['error', 'close'],
    sentence:
      'a leaf without its chain over MQTT: `error` answers with 401002 "CA certificate not found.", `close` closes the connection without CONNACK',
  },
  expiredGroupCa: {
    options: ['reject', 'accept'],
    sentence: 'registration in a group whose CA certificate has expired: `reject` it, or `accept` it',
  },
  registrationIdCase: {
    options: ['insensitive', 'sensitive'],
    sentence:
      'comparison of a common name with the registration ID: `insensitive` ignores upper and lower case, `sensitive` does not',
  },
  dpsTokenKeyName: {
    options: ['any', 'registration'],
    sentence:
      'key name (`skn`) in a device token at DPS: `any` accepts every name, `registration` accepts only the name registration; a token without a name is always accepted',
  },
  tpmHubKey: {
    options: ['keep', 'roll', 'carry'],
    sentence:
      'hub key of a TPM device that registers again: `keep` makes a new key only for a move to another hub, `roll` makes a new key each time, `carry` never makes one',
  },
  resetAtSameHub: {
    options: ['deviceDataReset', 'unchanged'],
    sentence:
      'substatus of a device whose data is reset at its present hub: `deviceDataReset`, or `unchanged` for the former substatus',
  },
  webhookTimeout: {
    options: ['5s', '1s'],
    sentence: 'real time that the custom allocation webhook has to answer: `5s` or `1s`',
  },
  webhookRetry: {
    options: ['never', 'once'],
    sentence: 'repetition of the request to a webhook that does not answer or answers with 5xx: `never` or `once`',
  },
  webhookFailure: {
    options: ['400207', '500001'],
    sentence:
      'error code of an operation whose webhook does not answer or has an unusable answer; for an HTTP status other than 200 the code is always 400207',
  },
  duplicateEndorsementKey: {
    options: ['accept', 'refuse'],
    sentence: 'an endorsement key that another enrollment already has: `accept` it, or `refuse` it with 400004',
  },
  newerWordsInOlderVersion: {
    options: ['keep', 'drop'],
    sentence:
      'an update of an enrollment under an api-version that does not know a property of the enrollment, such as credentialPolicyName: `keep` the value of the property, or `drop` it',
  },
  partialCertificatePolicy: {
    options: ['accept', 'refuse'],
    sentence:
      'an enrollment with only one or two of namespaceName, certificateAuthorityName and certificatePolicyName: `accept` it, or `refuse` it with 400004',
  },
  csrKeys: {
    options: ['any', 'p-384'],
    sentence:
      'keys for which certificates are issued: `any` P-256, P-384, P-521 and RSA of 2048, 3072 or 4096 bits, `p-384` only P-384, as the documentation says',
  },
  assignedHub: {
    options: ['classic', 'device'],
    sentence:
      'host name of the hub in the answer to a device: `classic` {hub}.azure-devices.net, `device` {hub}.device.azure-devices.net with TLS 1.3, which a TLS profile before azure-2026 does not have',
  },
  connectionProfile: {
    options: ['absent', 'null', 'classic', 'mqttV5'],
    sentence:
      'connectionProfile of an assigned device under 2026-11-02-preview: `absent`, `null`, `classic` or `mqttV5`; the hubs of the mock are classic',
  },
  csrInOlderVersion: {
    options: ['ignore', 'reject'],
    sentence: 'a signing request under an api-version without signing requests: `ignore` it, or `reject` it with 400',
  },
  unknownApiVersionOverMqtt: {
    options: ['answer', 'refuse'],
    sentence:
      'a missing or unknown api-version over MQTT: `answer` the register message with 400, or `refuse` the CONNECT with CONNACK 5',
  },
  concurrentRegistration: {
    options: ['accept', 'conflict'],
    sentence: 'a second registration while the device is being assigned: `accept` it, or `conflict` 409 with 409203',
  },
  throttleWindow: {
    options: ['sliding', 'fixed'],
    sentence:
      'time over which a quota counts: `sliding` the time before each request, `fixed` the minutes of the clock',
  },
  throttleRetryAfter: {
    options: ['told', 'none'],
    sentence: 'Retry-After of a 429: `told` the seconds until the quota has capacity, `none` no header',
  },
  pollsAsOperations: {
    options: ['separate', 'counted'],
    sentence:
      'status polls of devices and the quota of operations: `separate` polls do not count as operations, `counted` they do',
  },
  amqpAuthentication: {
    options: ['deferred', 'immediate'],
    sentence:
      'time at which AMQP reports a bad token or certificate: `deferred` rejects the register message, `immediate` fails SASL or the link; TPM attestation is always decided at the end of SASL',
  },
  amqpErrorCondition: {
    options: ['by-status', 'internal-error'],
    sentence:
      'condition of a rejected AMQP message: `by-status` unauthorized-access for 401, not-found for 404, device-container-throttled for 429 and internal-error for the rest; `internal-error` for all; the JSON inside is the same',
  },
  missingRight: {
    options: ['401', '403'],
    sentence: 'HTTP status for a shared access policy without the right that a request needs',
  },
  putWithoutETag: {
    options: ['conflict', 'replace'],
    sentence: 'a PUT of an existing enrollment without If-Match: `conflict` 409, or `replace` it',
  },
  omittedKeys: {
    options: ['keep', 'renew'],
    sentence: 'symmetric keys that an update of an enrollment omits: `keep` the former keys, or `renew` them',
  },
  attestationMechanismRight: {
    options: ['EnrollmentRead', 'EnrollmentWrite'],
    sentence: 'the right that a policy needs to read the keys of an enrollment',
  },
  verificationCodeLife: {
    options: ['unlimited', 'P7D'],
    sentence: 'lifetime of a verification code for a CA certificate',
  },
  groupNeedsVerifiedRoot: {
    options: ['no', 'yes'],
    sentence: 'a group with a signing certificate needs a verified CA above it: `no` or `yes`',
  },
  unknownHubOverMqtt: {
    options: ['3', '5'],
    sentence:
      'answer to an MQTT CONNECT whose user name has an unknown hub: CONNACK `3` (server unavailable), or `5` (not authorized)',
  },
  maintenanceOverMqtt: {
    options: ['3', '5'],
    sentence:
      'answer to an MQTT CONNECT while the hub is being upgraded (400030): CONNACK `3` (server unavailable), or `5` (not authorized)',
  },
  hashInTwinNames: {
    options: ['reject', 'accept'],
    sentence: 'a `#` in names of tags and properties: `reject` it with 400004, or `accept` it as documented',
  },
  encodedDeviceIdInTopic: {
    options: ['accept', 'reject'],
    sentence:
      'a percent-encoded device ID in an MQTT topic: `accept` it, or `reject` every form but the plain ID, so that device IDs with `#` or `+` cannot send telemetry',
  },
  hubWithoutApiVersion: {
    options: ['basic', 'full'],
    sentence:
      'functions of a hub for a device without an api-version in its user name: `basic` telemetry and messages, `full` also twin and methods',
  },
  credentialErrorNumbers: {
    options: ['2026', 'preview'],
    sentence:
      'error codes for a certificate request at a hub: `2026` 400040 (the request failed), 409005 (another request is active) and 412005 (no request to replace), `preview` 400037, 409004 and 412001',
  },
  credentialTopic: {
    options: ['credentials', 'credential-too'],
    sentence:
      'topic filter for the answers to certificate requests: `credentials` only the plural that the SDKs use, `credential-too` also the singular that the documentation uses',
  },
  credentialAnswerSuffix: {
    options: ['none', 'version'],
    sentence:
      'what follows `$rid` in the topic of an answer to a certificate request: `none` nothing, `version` the property `$version=1`, which the Java SDK cannot read',
  },
  credentialsInOlderHubVersion: {
    options: ['work', 'refuse'],
    sentence:
      'certificate requests under a hub api-version before 2025-08-01-preview: with `work` they succeed, `refuse` answers the subscription with SUBACK 128',
  },
  credentialsByToken: {
    options: ['accept', 'refuse'],
    sentence:
      'certificate requests of a device that connected with a token: `accept` them, or `refuse` them with 401002',
  },
  leafPastCaExpiry: {
    options: ['shorten', 'keep'],
    sentence:
      'certificate that would last longer than its issuing CA: `shorten` it to the end of the CA, or `keep` the validity of the policy',
  },
  issuingCaLimit: {
    options: ['409', '400'],
    sentence: 'HTTP status for a fourth issuing CA in a namespace of the device registry',
  },
  externalCaRevocation: {
    options: ['refuse', 'pending'],
    sentence:
      'revokeAndRotate of an external CA: `refuse` it with 400, or `pending` returns the CA to PendingActivation with a new signing request',
  },
  shortestCertificatePolicy: {
    options: ['P7D', 'P1D'],
    sentence: 'shortest validity that the device registry accepts for a new certificate policy',
  },
  issuedBesideOwnCredential: {
    options: ['accept', 'refuse'],
    sentence:
      'issued certificate of a device whose identity has a key or a thumbprint: `accept` it beside that credential, or `refuse` it',
  },
  serverNameIndication: {
    options: ['any', 'required'],
    sentence:
      'server name (SNI) in the TLS handshake: `any` accepts a missing or unknown name, `required` refuses it with the alert unrecognized_name',
  },
  serverKey: {
    options: ['RSA-2048', 'P-256'],
    sentence:
      'keys of the server certificates, root and leaf: `RSA-2048` for the cipher suites ECDHE-RSA, `P-256` for ECDHE-ECDSA',
  },
} as const satisfies Record<string, { options: readonly [string, ...string[]]; sentence: string }>;

export type FidelitySettings = {
  readonly [Name in keyof typeof fidelitySwitches]: (typeof fidelitySwitches)[Name]['options'][number];
};

/** The settings that apply if a scenario or lab sets no switch: the first option of each switch. */
export const defaultFidelity = Object.fromEntries(
  Object.entries(fidelitySwitches).map(([name, { options }]) => [name, options[0]]),
) as FidelitySettings;
