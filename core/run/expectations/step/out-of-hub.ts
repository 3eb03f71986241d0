import { defineDrillTime } from '../drill-time-word.ts';

export const outOfHub = defineDrillTime(
  'outOfHub',
  'Time from the defence until every hub rejects the attacker; PT0S means at once, `never` means not until the end of the drill.',
  'the hub',
);
