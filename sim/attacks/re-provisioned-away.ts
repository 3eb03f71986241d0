import type { Attack } from './define-attack.ts';

export const reProvisionedAway: Attack = {
  id: 're-provisioned-away',
  title: 'A device is registered again by somebody else, who takes its place at the hub',
  needs: 'A key that the service takes for the device, and a hub that the service would choose otherwise by now.',
  does: 'Registers in the name of the device: its identity goes to the other hub, and the one that it uses is deleted.',
  seen: 'A device that moves while nobody moves it, and the same device at the door of the hub that it was at.',
  cleanup: 'The key is rolled, and the device registers again; what the twin has lost is written anew.',
};
