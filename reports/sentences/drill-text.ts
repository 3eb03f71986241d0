import type { Drill } from '../../core/history/events.ts';
import { effectTime } from '../../core/run/expectations/effect-time.ts';
import { spokenDuration } from '../../core/time/spoken-duration.ts';

/**
 * Describes the measured effect of a defence against stolen credentials in one line, such as "drill against the theft of disk: attacker
 * rejected by DPS at once, by the hub never, …".
 */
export function drillText({ loot, outOfDps, outOfHub, honest, hurt, watched }: Drill): string {
  const names = hurt.slice(0, shownNames).join(', ');
  const more = hurt.length > shownNames ? ', …' : '';
  const whom = hurt.length === 0 ? '' : ` (${names}${more})`;
  const left = `${hurt.length} of ${honest.length} honest devices affected${whom}`;
  return `drill against the theft of ${loot}: attacker rejected by DPS ${effectTime(outOfDps)}, by the hub ${effectTime(outOfHub)}, ${left}; observed for ${spokenDuration(watched)}`;
}

const shownNames = 6;
