import type { RegistryFailure } from '../../../core/cloud/registry-operator.ts';
import { failedWith, type Result } from '../../../core/result.ts';

/**
 * A refusal of the resource manager: `{"error": {"code", "message"}}`. Azure documents this form, but not most of the
 * codes.
 */
export interface ArmProblem {
  readonly status: 400 | 401 | 403 | 404 | 405 | 409 | 413 | 415;
  readonly code: string;
  readonly message: string;
}

/** Returns a refused operation. */
export function armRefusal(status: ArmProblem['status'], code: string, message: string): Result<never, ArmProblem> {
  return failedWith({ status, code, message });
}

/** Converts a failure of the device registry. */
export function armProblemOf({ code, status, sentence }: RegistryFailure): ArmProblem {
  const names = { 400: 'InvalidParameter', 404: 'ResourceNotFound', 409: 'Conflict' } as const;
  return {
    status,
    code: code === 'certificate-rejected' ? 'InvalidCertificateChain' : names[status],
    message: `${sentence[0]?.toUpperCase() ?? ''}${sentence.slice(1)}.`,
  };
}
