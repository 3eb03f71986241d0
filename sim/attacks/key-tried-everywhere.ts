import { blastRadius } from './steps/blast-radius.ts';
import type { Attack } from './define-attack.ts';

export const keyTriedEverywhere: Attack = {
  id: 'key-tried-everywhere',
  title: 'One stolen secret is tried on every identity',
  needs: 'Any secret of a device, a group or a CA, and the pattern of the registration IDs.',
  does: 'Registers as every device, built or not, and as some that nobody ever planned; where that fails it goes straight to the hub.',
  seen: 'Many refused registrations from one place; where the secret reaches far, as many that are let in.',
  cleanup:
    'For each identity it passed for: its key is replaced and its enrollment with it. For a CA or a group key: all below it.',
  steps: [blastRadius],
};
