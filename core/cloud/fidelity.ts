/**
 * Where no public source says what the real service does, a named switch says what ours does. A scenario sets them under
 * `cloud: fidelity:`; each run records which were in force. The first option is the default.
 */
export const fidelitySwitches = {
  disabledEnrollment: {
    options: ['at-once', 'status', 'error'],
    sentence:
      'how a disabled enrollment is answered: `at-once` 200 with status "disabled" and no operation, `status` an operation that ends as "disabled", `error` 401 with 401002',
  },
  attestationFailure: {
    options: ['immediate', 'operation'],
    sentence:
      'where a bad certificate or token shows: `immediate` as a 401, `operation` as an operation that ends as "failed"',
  },
  badTokenNumber: {
    options: ['by-transport', '401000', '401002'],
    sentence:
      'error number for a bad token of a device: `by-transport` 401002 over HTTPS and 401000 over MQTT and AMQP, or one number for all wires',
  },
  otherSymmetricKey: {
    options: ['by-transport', 'accept', 'refuse'],
    sentence:
      'a registered device comes with the other of its two valid keys: `by-transport` refuses it over HTTPS only, `accept` never, `refuse` over every wire',
  },
  secondRegistrationSubstatus: {
    options: ['by-version', 'unchanged'],
    sentence:
      'substatus of a device that registers again with nothing changed: `by-version` reprovisionedToInitialAssignment, which api-versions before 2019-04-15 show as initialAssignment, or `unchanged` as it was',
  },
  enrollmentGroupIdInState: {
    options: ['shown', 'x509-only', 'none'],
    sentence:
      'whether the state of a registration names the enrollment group: `shown` for certificates and keys, `x509-only`, or `none`',
  },
  wrongIdScopeOverHttps: {
    options: ['404', '401'],
    sentence:
      'status for an ID scope that is not ours over HTTPS, and by it the condition over AMQP; MQTT answers CONNACK 3',
  },
  missingIntermediate: {
    options: ['error', 'close'],
    sentence:
      'a leaf without its chain over MQTT: `error` 401002 "CA certificate not found.", `close` no CONNACK at all',
  },
  expiredGroupCa: {
    options: ['reject', 'accept'],
    sentence: 'whether a group whose own CA certificate has expired still lets devices in',
  },
  registrationIdCase: {
    options: ['insensitive', 'sensitive'],
    sentence: 'how a common name is compared with the registration ID',
  },
  dpsTokenKeyName: {
    options: ['any', 'registration'],
    sentence:
      'key name (`skn`) in the token of a device at DPS: `any` accepts each, `registration` refuses other names; no name is always accepted',
  },
  tpmHubKey: {
    options: ['keep', 'roll', 'carry'],
    sentence:
      'hub key of a TPM device that registers again: `keep` a new one with a move only, `roll` each time, `carry` never',
  },
  resetAtSameHub: {
    options: ['deviceDataReset', 'unchanged'],
    sentence:
      'substatus of a device that is reset at the hub where it already is: `deviceDataReset`, or `unchanged` as it was',
  },
  webhookTimeout: {
    options: ['5s', '1s'],
    sentence: 'real time that the custom allocation webhook has for its answer, `5s` or `1s`',
  },
  webhookRetry: {
    options: ['never', 'once'],
    sentence: 'whether a webhook that is silent or answers with 5xx is asked again: `never`, or `once`',
  },
  webhookFailure: {
    options: ['400207', '500001'],
    sentence:
      'number of an operation whose webhook is silent or answers with nothing usable; another status than 200 is 400207',
  },
  duplicateEndorsementKey: {
    options: ['accept', 'refuse'],
    sentence: 'an endorsement key that stands in another enrollment already: `accept` it, or `refuse` with 400004',
  },
  newerWordsInOlderVersion: {
    options: ['keep', 'drop'],
    sentence:
      'an enrollment is updated under an api-version that does not know one of its words, such as credentialPolicyName: `keep` the value, or `drop` it',
  },
  csrInOlderVersion: {
    options: ['ignore', 'reject'],
    sentence: 'a signing request under an api-version that does not know the word: `ignore` it, or `reject` with 400',
  },
  unknownApiVersionOverMqtt: {
    options: ['answer', 'refuse'],
    sentence:
      'an api-version that is missing or unknown: `answer` the register message with 400, or `refuse` CONNECT with 5',
  },
  concurrentRegistration: {
    options: ['accept', 'conflict'],
    sentence: 'a device that registers while it is being assigned: `accept` it, or `conflict`, 409 with 409203',
  },
  throttleWindow: {
    options: ['sliding', 'fixed'],
    sentence: 'how a quota is counted: over the time before each request (`sliding`), or by the clock (`fixed`)',
  },
  throttleRetryAfter: {
    options: ['told', 'none'],
    sentence: 'whether a 429 says when to come again: `told` in seconds until the quota has room, `none` not at all',
  },
  pollsAsOperations: {
    options: ['separate', 'counted'],
    sentence: 'whether polls of devices use up the quota of operations beside their own: `separate` no, `counted` yes',
  },
  amqpAuthentication: {
    options: ['deferred', 'immediate'],
    sentence:
      'when a bad token or certificate shows over AMQP: `deferred` as a rejected register message, `immediate` when SASL ends or a link is attached; a TPM is always judged when SASL ends',
  },
  amqpErrorCondition: {
    options: ['by-status', 'internal-error'],
    sentence:
      'the condition of a rejected message over AMQP: `by-status` unauthorized-access for 401, not-found for 404, device-container-throttled for 429 and internal-error for the rest, or `internal-error` for all; the JSON inside is the same',
  },
  missingRight: {
    options: ['401', '403'],
    sentence: 'HTTP status for a shared access policy that does not grant the right which a request needs',
  },
  putWithoutETag: {
    options: ['conflict', 'replace'],
    sentence: 'an enrollment is put over an existing one without If-Match: `conflict` 409, `replace` takes its place',
  },
  omittedKeys: {
    options: ['keep', 'renew'],
    sentence: 'symmetric keys that are left out when an enrollment is updated: `keep` the former ones, `renew` them',
  },
  attestationMechanismRight: {
    options: ['EnrollmentRead', 'EnrollmentWrite'],
    sentence: 'the right that a policy needs to be shown the keys of an enrollment',
  },
  verificationCodeLife: {
    options: ['unlimited', 'P7D'],
    sentence: 'how long a verification code for a CA certificate can be used',
  },
  groupNeedsVerifiedRoot: {
    options: ['no', 'yes'],
    sentence: 'whether a group by signing certificates also needs a CA above them that the service holds verified',
  },
  unknownHubOverMqtt: {
    options: ['3', '5'],
    sentence: 'CONNACK for the user name of a hub that is not ours: `3` server unavailable, `5` not authorized',
  },
  hashInTwinNames: {
    options: ['reject', 'accept'],
    sentence: 'a `#` in the names of tags and properties: `reject` with 400004, or `accept` as the documents have it',
  },
  encodedDeviceIdInTopic: {
    options: ['accept', 'reject'],
    sentence:
      'a device ID that an MQTT topic percent-encodes: `accept` it, or `reject` all but the ID as it is, which leaves IDs with `#` or `+` without telemetry',
  },
  hubWithoutApiVersion: {
    options: ['basic', 'full'],
    sentence:
      'what a hub offers a device whose user name has no api-version: `basic` telemetry and messages, `full` twin and methods too',
  },
  serverKey: {
    options: ['RSA-2048', 'P-256'],
    sentence:
      'the keys of the server certificates, root and leaf: `RSA-2048` for the cipher suites ECDHE-RSA, `P-256` for ECDHE-ECDSA',
  },
} as const satisfies Record<string, { options: readonly [string, ...string[]]; sentence: string }>;

export type FidelitySettings = {
  readonly [Name in keyof typeof fidelitySwitches]: (typeof fidelitySwitches)[Name]['options'][number];
};

/** The settings in force if a scenario or lab sets no switch: the first option of each. */
export const defaultFidelity = Object.fromEntries(
  Object.entries(fidelitySwitches).map(([name, { options }]) => [name, options[0]]),
) as FidelitySettings;
