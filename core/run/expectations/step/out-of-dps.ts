import { defineDrillTime } from '../drill-time-word.ts';

export const outOfDps = defineDrillTime(
  'outOfDps',
  'Time from the defence until DPS rejects the attacker; PT0S means at once, `never` means not until the end of the drill.',
  'DPS',
);
