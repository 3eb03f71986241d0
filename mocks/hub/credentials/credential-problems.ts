import type { FidelitySettings } from '../../../core/cloud/fidelity.ts';
import type { HubProblem } from '../hub-problems.ts';

type CredentialProblem = 'operationFailed' | 'operationActive' | 'nothingToReplace';

/**
 * Returns the refusals that a hub sends only for certificate requests. The names and the newer error codes come from
 * `IotHubCertificateSigningErrorCode` of the Java SDK. A test run of January 2026 recorded the older codes. Azure does
 * not document the messages.
 */
export function credentialProblems(
  numbers: FidelitySettings['credentialErrorNumbers'],
): Readonly<Record<CredentialProblem, HubProblem>> {
  const isNew = numbers === '2026';
  return {
    operationFailed: {
      status: 400,
      errorCode: isNew ? 400040 : 400037,
      name: 'CredentialOperationFailed',
      message: 'The credential operation failed.',
    },
    operationActive: {
      status: 409,
      errorCode: isNew ? 409005 : 409004,
      name: 'CredentialOperationActive',
      message: 'Another credential operation is active for the device.',
    },
    nothingToReplace: {
      status: 412,
      errorCode: isNew ? 412005 : 412001,
      name: 'CredentialPreconditionFailed',
      message: 'The device has no active credential operation with the request ID to replace.',
    },
  };
}
