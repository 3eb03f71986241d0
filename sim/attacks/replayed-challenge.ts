import type { Attack } from './define-attack.ts';

export const replayedChallenge: Attack = {
  id: 'replayed-challenge',
  title: 'The whole of a registration is overheard and sent again',
  needs: 'One registration of a device as it went over the wire, with its token, from a proxy that opens TLS.',
  does: 'Sends the same request again, with the answer that the device gave to a challenge that is over.',
  seen: 'A token that answers no challenge of the service, for a device that is in service already.',
  cleanup: 'None where each registration has a challenge of its own; else the key is rolled and the proxy is found.',
};
