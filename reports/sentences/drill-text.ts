import { type Drill, never } from '../../core/history/events.ts';
import { spokenDuration } from './spoken-duration.ts';

/** How a defence worked, in one line: "drill against disk: out of DPS at once, out of the hub never; hurt: meter-2". */
export function drillText({ loot, outOfDps, outOfHub, honest, hurt, watched }: Drill): string {
  const names = hurt.slice(0, shownNames).join(', ');
  const more = hurt.length > shownNames ? ', …' : '';
  const whom = hurt.length === 0 ? '' : ` (${names}${more})`;
  const left = `${hurt.length} of ${honest.length} honest devices hurt${whom}`;
  return `drill against ${loot}: out of DPS ${whenText(outOfDps)}, out of the hub ${whenText(outOfHub)}, ${left}; watched for ${spokenDuration(watched)}`;
}

/** When something had come about, counted from a defence. */
export function whenText(time: string): string {
  if (time === never) return never;
  return time === 'PT0S' ? 'at once' : `after ${spokenDuration(time)}`;
}

const shownNames = 6;
