import { createAtHub } from './steps/create-at-hub.ts';
import type { Attack } from './define-attack.ts';

export const hubOwnerKey: Attack = {
  id: 'hub-owner-key',
  title: 'Somebody with the owner key of a hub creates devices past the provisioning service',
  needs: 'The key of the policy iothubowner, which many a program has that only reads.',
  does: 'Writes an identity with a key of his own into the registry of the hub, and connects as it.',
  seen: 'An identity at the hub that no registration of the provisioning service made.',
  cleanup: 'The identity is deleted, the keys of the policy are rolled, and each program gets a policy of its own.',
  steps: [createAtHub],
};
