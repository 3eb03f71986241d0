/**
 * Every refusal that the service can send. Most error codes and messages come from observations of the real service.
 * Values marked "Not documented by Azure" are values of this mock, because the real values are not publicly known.
 */
export const problems = {
  invalidRegistrationId: { status: 400, errorCode: 400004, message: 'Invalid RegistrationId' },
  endorsementKeyMismatch: {
    status: 400,
    errorCode: 400004,
    message: 'Endorsement key is invalid, or does not match the Enrollment.',
  },
  /** Not documented by Azure: the error code. */
  malformedBody: { status: 400, errorCode: 400003, message: 'The request body is not valid JSON.' },
  /** Not documented by Azure: the error code. */
  invalidBody: { status: 400, errorCode: 400004, message: 'The request body does not match the API.' },
  /** Not documented by Azure: the error code. */
  apiVersion: { status: 400, errorCode: 400005, message: 'The api-version is missing or not supported.' },
  /** Not documented by Azure: error code and message. */
  csrInvalid: { status: 400, errorCode: 400006, message: 'The certificate signing request is invalid.' },
  /** Not documented by Azure: error code and message. */
  csrNotTaken: { status: 400, errorCode: 400007, message: 'A certificate signing request is not accepted here.' },
  /** Not documented by Azure: error code and message. */
  credentialPolicyNotFound: { status: 400, errorCode: 400009, message: 'Credential policy not found.' },
  /** Not documented by Azure: error code and message. */
  issuingCaUnusable: {
    status: 400,
    errorCode: 400009,
    message: 'The certificate authority cannot issue certificates.',
  },
  customAllocationRequired: {
    status: 400,
    errorCode: 400004,
    message: "A CustomAllocationDefinition is required when the allocation policy is set to 'Custom'",
  },
  /** Not documented by Azure: the message. */
  hubUnauthorized: { status: 400, errorCode: 400209, message: 'IotHub unauthorized.' },
  hubNotSpecified: { status: 400, errorCode: 400208, message: 'IotHub not specified.' },
  unauthorized: { status: 401, errorCode: 401000, message: 'Unauthorized' },
  /** Answer to a bad token or a changed key over HTTPS, and to a certificate without an enrollment. */
  unauthorizedAccess: { status: 401, errorCode: 401002, message: 'Unauthorized' },
  hubNotFound: { status: 401, errorCode: 401001, message: 'IoTHub not found.' },
  invalidCertificate: { status: 401, errorCode: 401002, message: 'Invalid certificate.' },
  caCertificateNotFound: { status: 401, errorCode: 401002, message: 'CA certificate not found.' },
  chainMismatch: { status: 401, errorCode: 401002, message: 'Signing certificate info did not match chain elements.' },
  /** Not documented by Azure: error code and message; see the switch disabledEnrollment. */
  enrollmentDisabled: { status: 401, errorCode: 401002, message: 'The enrollment is disabled.' },
  /** Not documented by Azure: the whole answer. */
  registryDeviceDisabled: { status: 401, errorCode: 401002, message: 'The device is disabled in the device registry.' },
  /** Not documented by Azure: the whole answer; see the switch wrongIdScopeOverHttps. */
  idScopeUnknown: { status: 401, errorCode: 401002, message: 'Unauthorized' },
  /** Not documented by Azure: the whole answer; see the switch wrongIdScopeOverHttps. */
  idScopeNotFound: { status: 404, errorCode: 404201, message: 'ID scope not found.' },
  /** Not documented by Azure: error code and message; see the switch missingRight. */
  rightMissingUnauthorized: { status: 401, errorCode: 401003, message: 'The policy does not grant the right.' },
  /** Not documented by Azure: the whole answer; see the switch missingRight. */
  rightMissingForbidden: { status: 403, errorCode: 403001, message: 'The policy does not grant the right.' },
  enrollmentNotFound: { status: 404, errorCode: 404201, message: 'Enrollment not found.' },
  /** Not documented by Azure: error code and message. */
  certificateNotFound: { status: 404, errorCode: 404203, message: 'Certificate not found.' },
  /** Not documented by Azure: error code and message; see the switch putWithoutETag. */
  enrollmentExists: { status: 409, errorCode: 409201, message: 'Enrollment already exists.' },
  /** Not documented by Azure: error code and message. */
  certificateExists: { status: 409, errorCode: 409202, message: 'Certificate already exists.' },
  /** Not documented by Azure: the error code. */
  preconditionFailed: { status: 412, errorCode: 412001, message: 'Precondition failed.' },
  notFound: { status: 404, errorCode: 404201, message: 'Registration not found.' },
  /** Not documented by Azure: the error code. */
  operationNotFound: { status: 404, errorCode: 404202, message: 'Operation not found.' },
  /** Not documented by Azure: the error code. */
  noSuchPath: { status: 404, errorCode: 404001, message: 'Resource not found.' },
  /** Not documented by Azure: the error code. */
  methodNotAllowed: { status: 405, errorCode: 405001, message: 'The method is not allowed for this resource.' },
  /** Not documented by Azure: the immediate answer; see the switch concurrentRegistration. */
  registrationUnderWay: { status: 409, errorCode: 409203, message: 'Precondition failed.' },
  /** Not documented by Azure: the error code. */
  bodyTooLarge: { status: 413, errorCode: 413001, message: 'The request body exceeds 96 KB.' },
  /** Not documented by Azure: the error code. */
  unsupportedMediaType: { status: 415, errorCode: 415001, message: 'The content type must be application/json.' },
  /** Not documented by Azure: error code and message. */
  tooManyRequests: { status: 429, errorCode: 429001, message: 'Too many requests, try again later.' },
  /** Not documented by Azure: the error code. */
  hubUnreachable: { status: 500, errorCode: 500002, message: 'An error occurred while sending the request.' },
  /** Not documented by Azure: the error code. */
  internal: { status: 500, errorCode: 500001, message: 'Internal server error.' },
  /** Not documented by Azure: error code and message. */
  unavailable: { status: 503, errorCode: 503001, message: 'The service is not available.' },
} as const satisfies Record<string, Problem>;

/** A refusal of the service: `status` over HTTP and MQTT, with the error code and the message of the error body. */
export interface Problem {
  readonly status: number;
  readonly errorCode: number;
  readonly message: string;
}

/** Creates the refusal of an invalid value. `message` states the expected value and the value found. */
export function invalid(message: string): Problem {
  return { status: 400, errorCode: 400004, message };
}

/** The JSON body of a refusal, the same on every transport. `timestampUtc` has seven fractional digits. */
export interface ErrorBody {
  readonly errorCode: number;
  /** Further texts, for example the error code of the update service. */
  readonly info?: Readonly<Record<string, string>>;
  readonly trackingId: string;
  readonly message: string;
  readonly timestampUtc: string;
}
