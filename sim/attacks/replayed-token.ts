import type { Attack } from './define-attack.ts';
import { replayToken } from './steps/replay-token.ts';

export const replayedToken: Attack = {
  id: 'replayed-token',
  title: 'A token is overheard and sent again',
  needs: 'One token of a device, from a log, a proxy that opens TLS or a client that checks no certificate.',
  does: 'Registers with it as it is: as the same device, as another one, at another scope, within its hour and after it.',
  seen: 'A registration of a device that is in service already, from another address.',
  cleanup: 'The token ends by itself within the hour; what has to be found is the place that let it out.',
  steps: [replayToken],
};
