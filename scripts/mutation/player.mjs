// A worker process of `npm run mutation`: lists and runs the shipped scenarios on request of its parent.
import { playScenario } from '../../cli/library.ts';
import { loadFiles } from '../../cli/files/load-files.ts';
import { checks } from '../../core/checks.ts';
import { mutationResultOf } from '../../core/run/mutation-result.ts';

const { scenarios, mistakes } = loadFiles(['scenarios']);
if (mistakes.length > 0)
  throw new Error(mistakes.map(({ file, line, message }) => `${file}:${line} ${message}`).join('\n'));
const byId = new Map(scenarios.map((scenario) => [scenario.id, scenario]));

process.on('disconnect', () => process.exit());
process.on('message', async (request) => {
  if (request.kind === 'list') process.send({ checks: Object.keys(checks), ids: [...byId.keys()] });
  else process.send(await play(request));
});

/** Runs a scenario. Returns its verdict, the checks that failed in it, and the checks that decided an attempt. */
async function play({ id, sabotage }) {
  const run = await playScenario(byId.get(id), sabotage === undefined ? {} : { sabotage });
  const judged = run.history.filter(({ kind }) => kind === 'decision').flatMap((decision) => decision.checks);
  return {
    verdict: run.verdict,
    notice: mutationResultOf(run),
    failed: [...new Set(judged.filter(({ passed }) => !passed).map(({ check }) => check))],
    decided: [...new Set(run.registrations.flatMap(({ check }) => check ?? []))],
  };
}
