import type { Attack } from './define-attack.ts';

export const overProduction: Attack = {
  id: 'over-production',
  title: 'The contract manufacturer builds more than was ordered',
  needs: 'The line, its parts and its keys after the last unit of the order.',
  does: 'Lets the line run on and sells the rest, whose credentials are as good as those of the others.',
  seen: 'More devices at the service than were paid for; an audit trail that lists more than the books do.',
  cleanup:
    'The surplus is blocked one by one, by the list of what was delivered; its buyers are customers of somebody.',
};
