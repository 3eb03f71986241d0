import type { RheaDelivery, RheaSession } from './rhea-internals.ts';

/**
 * Writes a separate disposition frame for each outcome. If the service settles two deliveries in one turn, rhea itself
 * reports both in one frame with the outcome of the first. An accepted message after a rejected one would then also get
 * the outcome `rejected`. Only accepted deliveries share a frame.
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

/** Returns true if the outcome of a delivery is `accepted`, which has the descriptor 0x24 (AMQP 1.0 3.4.2). */
function isAccepted(delivery: RheaDelivery | undefined): boolean {
  return Number(delivery?.state?.descriptor?.value) === 0x24;
}
