import type { Attack } from './define-attack.ts';
import { forgeCertificate } from './steps/forge-certificate.ts';

export const forgedChain: Attack = {
  id: 'forged-chain',
  title: 'A certificate is forged for a device that was never built',
  needs:
    'Something that the CA signed, such as the certificate of a device bought in a shop; at best the key of the CA.',
  does: 'Builds a chain under the name of the wanted device that ends, or seems to end, in the CA of the group, and registers.',
  seen: 'Refused registrations whose decision names the rule of RFC 5280 that was broken; with the key of the CA, nothing.',
  cleanup: 'Nothing while the rules hold. After the loss of a CA key every device below it needs another certificate.',
  steps: [forgeCertificate],
};
