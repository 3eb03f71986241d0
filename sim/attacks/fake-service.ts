import type { Attack } from './define-attack.ts';
import { impersonateService } from './steps/impersonate-service.ts';

export const fakeService: Attack = {
  id: 'fake-service',
  title: 'Somebody else answers under the name of the service',
  needs: 'A hand in the network of the devices, such as its name server, and a certificate that he made himself.',
  does: 'Lets devices register with him, keeps the tokens that they show, and registers with those at the real service.',
  seen: 'Registrations from an address that is not of the site, and devices of that site that stay away.',
  cleanup: 'The keys of the devices are rolled and their firmware is mended: it has to check the server by a root.',
  steps: [impersonateService],
};
