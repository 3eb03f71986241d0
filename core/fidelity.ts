/**
 * Where no public source says what the real service does, a named switch says what ours does. A scenario sets them under
 * `cloud: fidelity:`; each run records which were in force. The first option is the default.
 */
export const fidelitySwitches = {
  disabledEnrollment: {
    options: ['error', 'status'],
    sentence:
      'how a disabled enrollment is answered: `error` 401 with 401002, `status` an operation that ends as "disabled"',
  },
  attestationFailure: {
    options: ['immediate', 'operation'],
    sentence:
      'where a bad certificate or token shows: `immediate` as a 401, `operation` as an operation that ends as "failed"',
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
  tpmHubKey: {
    options: ['keep', 'roll'],
    sentence: 'whether a TPM device gets a new hub key each time it registers again with the same hub',
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
} as const satisfies Record<string, { options: readonly [string, ...string[]]; sentence: string }>;

export type FidelitySettings = {
  readonly [Name in keyof typeof fidelitySwitches]: (typeof fidelitySwitches)[Name]['options'][number];
};

/** The settings in force when nobody sets a switch. */
export const defaultFidelity: FidelitySettings = {
  disabledEnrollment: 'error',
  attestationFailure: 'immediate',
  wrongIdScopeOverHttps: '404',
  missingIntermediate: 'error',
  expiredGroupCa: 'reject',
  registrationIdCase: 'insensitive',
  tpmHubKey: 'keep',
  amqpAuthentication: 'deferred',
  amqpErrorCondition: 'by-status',
};
