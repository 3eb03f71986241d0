import type { Attack } from './define-attack.ts';

export const clonedCertificateBatch: Attack = {
  id: 'cloned-certificate-batch',
  title: 'One certificate is in a whole batch',
  needs: 'One device of a batch that was flashed with one image, certificate and key included.',
  does: 'Registers with the certificate, and is each device of the batch, for the service cannot tell them apart.',
  seen: 'One device that is in many places, and telemetry under its name that contradicts itself.',
  cleanup:
    'Every device of the batch gets a certificate of its own before the common one is blocked, or is lost with it.',
};
