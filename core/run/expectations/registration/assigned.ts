import { z } from 'zod';
import { reference } from '../../../schema/reference.ts';
import { meetsBound, readBound } from '../bound.ts';
import { shareText } from '../bound-word.ts';
import { defineWord } from '../define-word.ts';
import { outcomeOfFleet, outcomeOfRegistration, showOutcome } from '../outcome.ts';

/** A text with `<`, `>`, `=` or `%` is a share, not the name of a hub. */
const hubName = reference('hub', 'Name of the hub').regex(/^[^<>=%]*$/, {
  error: 'expected the name of a hub, or a share of the devices of a fleet such as ">= 99 %"',
});
const share = shareText('>= 99 %', 'Share of the devices of a fleet.');

export const assigned = defineWord({
  name: 'assigned',
  schema: z.union([hubName, z.literal(true), share]).meta({
    description:
      'Name of the hub that the device was assigned to and that accepted its telemetry; true means any hub. For a fleet that is simulated as numbers: the hub of all devices, or a share of the devices, such as ">= 99 %".',
  }),
  ofRegistration: outcomeOfRegistration,
  ofFleet: outcomeOfFleet,
  holds: (expected, actual) => {
    const bound = typeof expected === 'string' ? readBound(expected) : undefined;
    if (bound !== undefined && bound.unit === '%')
      return actual?.assigned !== undefined && meetsBound(actual.assigned, bound);
    return actual?.outcome === 'assigned' && (expected === true || expected === actual.hub);
  },
  show: showOutcome,
  expectsSuccess: () => true,
});
