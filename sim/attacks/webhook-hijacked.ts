import type { Attack } from './define-attack.ts';

export const webhookHijacked: Attack = {
  id: 'webhook-hijacked',
  title: 'The webhook of custom allocation is taken over',
  needs: 'The account under which the web service of the customer runs.',
  does: 'Answers the question for a hub with one that he can read, so that devices send their telemetry there.',
  seen: 'Devices at a hub where none is expected; or refusals, where the enrollment does not name that hub.',
  cleanup: 'The web service is deployed anew with other secrets, and the devices have to register again to get home.',
};
