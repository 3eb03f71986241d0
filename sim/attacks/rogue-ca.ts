import type { Attack } from './define-attack.ts';

export const rogueCa: Attack = {
  id: 'rogue-ca',
  title: "A stranger's CA is uploaded in the name of the factory",
  needs: 'A CA certificate of his own, and somebody who uploads what arrives by mail.',
  does: 'Gets a group to refer to his CA, and registers with certificates that it signed.',
  seen: 'A CA whose proof does not fit, or one that was set to verified by hand; devices that no line has built.',
  cleanup:
    'The CA is deleted, which ends registrations; the devices that came in are blocked at their hubs one by one.',
};
