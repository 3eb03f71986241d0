import type { Attestation } from '../../../core/history/events.ts';

/** The steps that give a device its credential, by attestation. The first step of each list needs no argument but the device. */
export const credentialSteps: Readonly<Record<Attestation, readonly string[]>> = {
  x509: ['issue-certificate', 'request-certificate', 'install-from-batch', 'extract-certificate'],
  tpm: ['extract-ek'],
  symmetricKey: ['install-key'],
};

/** The steps that create an individual enrollment. */
export const enrollingSteps: readonly string[] = ['enroll', 'enroll-from-list', 'maker-enrolls'];
