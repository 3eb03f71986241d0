import type { Attack } from './define-attack.ts';

export const stolenIntermediateCa: Attack = {
  id: 'stolen-intermediate-ca',
  title: 'The key of an intermediate CA is stolen',
  needs: 'The disk of the computer that signs for the line.',
  does: 'Issues certificates for any name, which chain to the enrolled CA, and registers with them.',
  seen: 'Certificates with serial numbers that the CA has no record of, for devices that were never built.',
  cleanup: 'The CA is taken out of the service, and every device below it needs a certificate from another one.',
};
