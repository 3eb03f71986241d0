/**
 * Every refusal of the service as it goes over the wire. Numbers and sentences are those that were seen on the real
 * service; those marked "ours" are not publicly known and stand for the case.
 */
export const problems = {
  invalidRegistrationId: { status: 400, errorCode: 400004, message: 'Invalid RegistrationId' },
  endorsementKeyMismatch: {
    status: 400,
    errorCode: 400004,
    message: 'Endorsement key is invalid, or does not match the Enrollment.',
  },
  /** Ours: the number. */
  malformedBody: { status: 400, errorCode: 400003, message: 'The request body is not valid JSON.' },
  /** Ours: the number. */
  invalidBody: { status: 400, errorCode: 400004, message: 'The request body does not match the API.' },
  /** Ours: the number. */
  apiVersion: { status: 400, errorCode: 400005, message: 'The api-version is missing or not supported.' },
  /** Ours: number and sentence. */
  csrInvalid: { status: 400, errorCode: 400006, message: 'The certificate signing request is invalid.' },
  /** Ours: number and sentence. */
  csrNotTaken: { status: 400, errorCode: 400007, message: 'A certificate signing request is not taken here.' },
  /** Ours: number and sentence. */
  credentialPolicyNotFound: { status: 400, errorCode: 400009, message: 'Credential policy not found.' },
  customAllocationRequired: {
    status: 400,
    errorCode: 400004,
    message: "A CustomAllocationDefinition is required when the allocation policy is set to 'Custom'",
  },
  /** Ours: the sentence. */
  hubUnauthorized: { status: 400, errorCode: 400209, message: 'IotHub unauthorized.' },
  hubNotSpecified: { status: 400, errorCode: 400208, message: 'IotHub not specified.' },
  unauthorized: { status: 401, errorCode: 401000, message: 'Unauthorized' },
  /** A bad token over HTTPS, another key than the first one over HTTPS, a certificate that no enrollment covers. */
  unauthorizedAccess: { status: 401, errorCode: 401002, message: 'Unauthorized' },
  hubNotFound: { status: 401, errorCode: 401001, message: 'IoTHub not found.' },
  invalidCertificate: { status: 401, errorCode: 401002, message: 'Invalid certificate.' },
  caCertificateNotFound: { status: 401, errorCode: 401002, message: 'CA certificate not found.' },
  chainMismatch: { status: 401, errorCode: 401002, message: 'Signing certificate info did not match chain elements.' },
  /** Ours: number and sentence; see the switch disabledEnrollment. */
  enrollmentDisabled: { status: 401, errorCode: 401002, message: 'The enrollment is disabled.' },
  /** Ours: see the switch wrongIdScopeOverHttps. */
  idScopeUnknown: { status: 401, errorCode: 401002, message: 'Unauthorized' },
  /** Ours: see the switch wrongIdScopeOverHttps. */
  idScopeNotFound: { status: 404, errorCode: 404201, message: 'ID scope not found.' },
  /** Ours: number and sentence; see the switch missingRight. */
  rightMissingUnauthorized: { status: 401, errorCode: 401003, message: 'The policy does not grant the right.' },
  /** Ours: see the switch missingRight. */
  rightMissingForbidden: { status: 403, errorCode: 403001, message: 'The policy does not grant the right.' },
  enrollmentNotFound: { status: 404, errorCode: 404201, message: 'Enrollment not found.' },
  /** Ours: number and sentence. */
  certificateNotFound: { status: 404, errorCode: 404203, message: 'Certificate not found.' },
  /** Ours: number and sentence; see the switch putWithoutETag. */
  enrollmentExists: { status: 409, errorCode: 409201, message: 'Enrollment already exists.' },
  /** Ours: number and sentence. */
  certificateExists: { status: 409, errorCode: 409202, message: 'Certificate already exists.' },
  /** Ours: the number. */
  preconditionFailed: { status: 412, errorCode: 412001, message: 'Precondition failed.' },
  notFound: { status: 404, errorCode: 404201, message: 'Registration not found.' },
  /** Ours: the number. */
  operationNotFound: { status: 404, errorCode: 404202, message: 'Operation not found.' },
  /** Ours: the number. */
  noSuchPath: { status: 404, errorCode: 404001, message: 'Resource not found.' },
  /** Ours: the number. */
  methodNotAllowed: { status: 405, errorCode: 405001, message: 'The method is not allowed for this resource.' },
  /** Ours: that it comes at once; see the switch concurrentRegistration. */
  registrationUnderWay: { status: 409, errorCode: 409203, message: 'Precondition failed.' },
  /** Ours: the number. */
  bodyTooLarge: { status: 413, errorCode: 413001, message: 'The request body exceeds 96 KB.' },
  /** Ours: the number. */
  unsupportedMediaType: { status: 415, errorCode: 415001, message: 'The content type must be application/json.' },
  /** Ours: number and sentence. */
  tooManyRequests: { status: 429, errorCode: 429001, message: 'Too many requests, try again later.' },
  /** Ours: the number. */
  hubUnreachable: { status: 500, errorCode: 500002, message: 'An error occurred while sending the request.' },
  /** Ours: the number. */
  internal: { status: 500, errorCode: 500001, message: 'Internal server error.' },
  /** Ours: number and sentence. */
  unavailable: { status: 503, errorCode: 503001, message: 'The service is not available.' },
} as const satisfies Record<string, Problem>;

/** A refusal: HTTP status (also the status of an MQTT answer), number and sentence of the error body. */
export interface Problem {
  readonly status: number;
  readonly errorCode: number;
  readonly message: string;
}

/** What the service does not take, in its own number for it; `message` says what was expected and what was found. */
export function invalid(message: string): Problem {
  return { status: 400, errorCode: 400004, message };
}

/** The JSON that a refusal carries, on every door alike. `timestampUtc` has seven fractional digits. */
export interface ErrorBody {
  readonly errorCode: number;
  readonly trackingId: string;
  readonly message: string;
  readonly timestampUtc: string;
}
