import type { Attack } from './define-attack.ts';

export const stolenStation: Attack = {
  id: 'stolen-station',
  title: 'The computer of a station is stolen',
  needs: 'A night in the factory, or a job there: the disk of one station of the line.',
  does: 'Takes what lies on it: keys to issue with make any device, copies that were kept make those that went through.',
  seen: 'A computer that is gone; where only its disk was copied, nothing.',
  cleanup:
    'What the station held is replaced with everything that was made from it; where it only asked, its access is ended.',
};
