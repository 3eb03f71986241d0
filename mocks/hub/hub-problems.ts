/**
 * Every refusal that a hub can send. Azure documents the names and error codes, except for values marked "Not documented by
 * Azure".
 */
export const hubProblems = {
  /** Not documented by Azure: the message. */
  argumentInvalid: { status: 400, errorCode: 400004, name: 'ArgumentInvalid', message: 'The request is not valid.' },
  /** Not documented by Azure: the message. */
  queryInvalid: { status: 400, errorCode: 400004, name: 'ArgumentInvalid', message: 'The query is not valid.' },
  /** Not documented by Azure: the message. */
  formatError: { status: 400, errorCode: 400006, name: 'IotHubFormatError', message: 'The body is not valid JSON.' },
  /** Not documented by Azure: the message. */
  invalidProtocolVersion: {
    status: 400,
    errorCode: 400001,
    name: 'InvalidProtocolVersion',
    message: 'The api-version is missing or not supported.',
  },
  invalidCorrelationId: {
    status: 400,
    errorCode: 400015,
    name: 'InvalidFileUploadCorrelationId',
    message: 'The file upload correlation ID is not valid.',
  },
  expiredCorrelationId: {
    status: 400,
    errorCode: 400016,
    name: 'ExpiredFileUploadCorrelationId',
    message: 'The file upload correlation ID has expired.',
  },
  invalidCompletionStatus: {
    status: 400,
    errorCode: 400019,
    name: 'InvalidFileUploadCompletionStatus',
    message: 'The file upload completion status is not valid.',
  },
  /** Not documented by Azure: the messages of this entry and of the next five. */
  invalidCondition: {
    status: 400,
    errorCode: 400401,
    name: 'InvalidConfigurationTargetCondition',
    message: 'The target condition is not valid.',
  },
  invalidContent: {
    status: 400,
    errorCode: 400402,
    name: 'InvalidConfigurationContent',
    message: 'The content of the configuration is not valid.',
  },
  immutableContent: {
    status: 400,
    errorCode: 400403,
    name: 'CannotModifyImmutableConfigurationContent',
    message: 'The content of a configuration cannot be changed; create another configuration.',
  },
  invalidMetrics: {
    status: 400,
    errorCode: 400404,
    name: 'InvalidConfigurationCustomMetricsQuery',
    message: 'A query of the metrics is not valid.',
  },
  invalidJsonPatch: {
    status: 400,
    errorCode: 400505,
    name: 'InvalidDigitalTwinJsonPatch',
    message: 'The JSON patch of the digital twin is not valid.',
  },
  invalidPatchPath: {
    status: 400,
    errorCode: 400508,
    name: 'InvalidDigitalTwinPatchPath',
    message: 'A path of the patch is not valid.',
  },
  /** The hub sends this problem over the older connection of a device when a newer connection replaces it. */
  connectionReplaced: {
    status: 400,
    errorCode: 400027,
    name: 'ConnectionForcefullyClosedOnNewConnection',
    message: 'The connection was closed: the device opened another one.',
  },
  /**
   * The hub sends this problem over open connections during an upgrade of the service (azure-docs `troubleshoot-error-codes`). Not
   * documented by Azure: the message.
   */
  closedForUpgrade: {
    status: 400,
    errorCode: 400029,
    name: 'ConnectionForcefullyClosedOnFaultInjection',
    message: 'The connection was closed: the service is being upgraded.',
  },
  /** The hub sends this problem over new connections during an upgrade of the service. Not documented by Azure: the message. */
  rejectedForUpgrade: {
    status: 400,
    errorCode: 400030,
    name: 'ConnectionRejectedOnFaultInjection',
    message: 'The connection was rejected: the service is being upgraded.',
  },
  /** The caller has a valid token of Entra ID and no role with the permission. Recorded: azure-iot-sdk-csharp#3344. */
  roleMissing: { status: 401, errorCode: 401003, name: 'IotHubUnauthorized', message: 'Unauthorized' },
  unauthorized: { status: 401, errorCode: 401002, name: 'IotHubUnauthorizedAccess', message: 'Unauthorized' },
  /** Not documented by Azure: the message. */
  quotaExceeded: {
    status: 403,
    errorCode: 403002,
    name: 'IotHubQuotaExceeded',
    message: 'Total number of messages on the hub exceeded the allocated quota.',
  },
  /** Not documented by Azure: the message. */
  queueFull: {
    status: 403,
    errorCode: 403004,
    name: 'DeviceMaximumQueueDepthExceeded',
    message: 'The queue of the device already has 50 messages.',
  },
  tooManyUploads: {
    status: 403,
    errorCode: 403006,
    name: 'DeviceMaximumActiveFileUploadLimitExceeded',
    message: 'Number of active file upload requests cannot exceed 10',
  },
  deviceNotFound: { status: 404, errorCode: 404001, name: 'DeviceNotFound', message: 'Device not registered' },
  configurationNotFound: {
    status: 404,
    errorCode: 404301,
    name: 'ConfigurationNotFound',
    message: 'The specified configuration was not found.',
  },
  /** Not documented by Azure: the message. */
  moduleNotFound: { status: 404, errorCode: 404010, name: 'ModuleNotFound', message: 'Module not registered' },
  jobNotFound: { status: 404, errorCode: 404002, name: 'JobNotFound', message: 'The specified job was not found.' },
  /** Not documented by Azure: error code and message. */
  noSuchPath: { status: 404, errorCode: 404000, name: 'GenericNotFound', message: 'Resource not found.' },
  deviceNotOnline: {
    status: 404,
    errorCode: 404103,
    name: 'DeviceNotOnline',
    message: 'Timed out waiting for device to connect.',
  },
  /** Not documented by Azure: error code and message. */
  methodNotAllowed: { status: 405, errorCode: 405000, name: 'GenericMethodNotAllowed', message: 'Method not allowed.' },
  deviceAlreadyExists: {
    status: 409,
    errorCode: 409001,
    name: 'DeviceAlreadyExists',
    message: 'The device is already registered.',
  },
  moduleAlreadyExists: {
    status: 409,
    errorCode: 409301,
    name: 'ModuleAlreadyExistsOnDevice',
    message: 'The module is already registered.',
  },
  /** Not documented by Azure: the message. */
  configurationAlreadyExists: {
    status: 409,
    errorCode: 409401,
    name: 'ConfigurationAlreadyExists',
    message: 'The configuration already exists.',
  },
  /** Not documented by Azure: the message. */
  jobAlreadyExists: { status: 409, errorCode: 409104, name: 'JobAlreadyExists', message: 'The job already exists.' },
  etagMissing: { status: 412, errorCode: 412001, name: 'PreconditionFailed', message: 'Etag missing' },
  preconditionFailed: { status: 412, errorCode: 412001, name: 'PreconditionFailed', message: 'ETag mismatch' },
  /** Not documented by Azure: the message. */
  lockLost: {
    status: 412,
    errorCode: 412002,
    name: 'DeviceMessageLockLost',
    message: 'The lock of the message has expired or is unknown; receive the message again.',
  },
  /** Not documented by Azure: the message. */
  messageTooLarge: { status: 413, errorCode: 413001, name: 'MessageTooLarge', message: 'The message exceeds 256 KB.' },
  /** Not documented by Azure: the message. */
  tooManyModules: {
    status: 413,
    errorCode: 413003,
    name: 'TooManyModulesOnDevice',
    message: 'A device has at most 50 modules; delete a module first.',
  },
  /** Not documented by Azure: the message. */
  tooManyConfigurations: {
    status: 413,
    errorCode: 413101,
    name: 'ConfigurationCountLimitExceeded',
    message: 'A hub has at most 100 configurations; delete a configuration first.',
  },
  throttled: {
    status: 429,
    errorCode: 429001,
    name: 'ThrottlingException',
    message: 'The request has been throttled. Wait 10 seconds and try again.',
  },
  /** Not documented by Azure: the message. */
  tooManyJobs: {
    status: 429,
    errorCode: 429004,
    name: 'ThrottlingMaxActiveJobCountExceeded',
    message: 'Too many jobs are active; wait until one has ended.',
  },
  /** Not documented by Azure: error code and message. */
  internal: { status: 500, errorCode: 500001, name: 'ServerError', message: 'Internal server error.' },
  /**
   * Not documented by Azure: the status. Azure uses this error code with status 404, but SDKs would report a 404 as "no such
   * device".
   */
  notOffered: {
    status: 501,
    errorCode: 404013,
    name: 'FeatureNotSupported',
    message: 'rehearse does not support this.',
  },
  /** Not documented by Azure: error code and message. */
  badDeviceResponse: {
    status: 502,
    errorCode: 502000,
    name: 'BadDeviceResponse',
    message: 'The response of the device is not valid JSON.',
  },
  methodTimedOut: {
    status: 504,
    errorCode: 504101,
    name: 'GatewayTimeout',
    message: 'Timed out waiting for the response from device.',
  },
} as const satisfies Record<string, HubProblem>;

/** A refusal of a hub: its status for HTTP and MQTT, its error code, its error name and its message. */
export interface HubProblem {
  readonly status: number;
  readonly errorCode: number;
  readonly name: string;
  readonly message: string;
}

/** Returns a copy of `problem` with another message. */
export function saying(problem: HubProblem, message: string): HubProblem {
  return { ...problem, message };
}
