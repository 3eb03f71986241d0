import { defineDrillTime } from '../drill-time-word.ts';

export const outOfHub = defineDrillTime(
  'outOfHub',
  'Time from the defence until every hub rejects the attacker; PT0S if at once, or never.',
  'the hub',
);
