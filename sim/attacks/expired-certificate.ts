import type { Attack } from './define-attack.ts';

export const expiredCertificate: Attack = {
  id: 'expired-certificate',
  title: 'An old certificate is dug out and used again',
  needs: 'A certificate and its key from a device that was thrown away, a backup or a drawer.',
  does: 'Registers with it as the device that it was made for, years later.',
  seen: 'A device that was out of service for long registers again; or a refusal, because the certificate has expired.',
  cleanup:
    'The enrollment is disabled. Without an end in the certificate this has to be thought of for every lost device.',
};
