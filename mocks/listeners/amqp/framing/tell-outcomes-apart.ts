import type { RheaDelivery, RheaSession } from './rhea-internals.ts';

/**
 * Writes one disposition for each outcome. If two deliveries are settled in one turn, rhea puts the second into the frame of the first: an
 * accepted message after a rejected one would be reported as rejected. Only accepted deliveries share a frame.
 */
export function tellOutcomesApart({ incoming }: RheaSession): void {
  const write = incoming.process.bind(incoming);
  incoming.process = (session) => {
    for (const run of runsOf(incoming.updated)) {
      incoming.updated = run;
      write(session);
    }
    incoming.updated = [];
    write(session);
  };
}

function runsOf(deliveries: readonly RheaDelivery[]): RheaDelivery[][] {
  const runs: RheaDelivery[][] = [];
  for (const delivery of deliveries) {
    const run = runs.at(-1);
    if (run !== undefined && isAccepted(run[0]) && isAccepted(delivery)) run.push(delivery);
    else runs.push([delivery]);
  }
  return runs;
}

/** `accepted` has the descriptor 0x24 (AMQP 1.0 3.4.2). */
function isAccepted(delivery: RheaDelivery | undefined): boolean {
  return Number(delivery?.state?.descriptor?.value) === 0x24;
}
