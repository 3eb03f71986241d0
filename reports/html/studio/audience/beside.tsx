import { useEffect, useMemo, useState } from 'preact/hooks';
import type { Run } from '../../../../core/run/run.ts';
import { withSpokenDurations } from '../../../sentences/with-spoken-durations.ts';
import type { Api } from '../api.ts';
import { CertificateBars } from './certificate-bars.tsx';
import { DecidingPanel } from './deciding-panel.tsx';
import { Revealed } from './revealed.tsx';
import { stageFacts } from './stage-facts.ts';
import { StagePicture } from './stage-picture.tsx';

interface Settings {
  readonly api: Api;
  /** Numbers of the two plays. */
  readonly one: number;
  readonly other: number;
}

/** Shows two finished plays side by side. */
export function Beside({ api, one, other }: Settings) {
  const [runs, setRuns] = useState<readonly Run[]>([]);
  useEffect(() => {
    setRuns([]);
    Promise.all([api.run(one), api.run(other)]).then(setRuns, () => setRuns([]));
  }, [api, one, other]);
  return (
    <div class="two-plays">
      {runs.map((run, index) => (
        <Half key={index} run={run} />
      ))}
    </div>
  );
}

function Half({ run }: { readonly run: Run }) {
  const facts = useMemo(() => stageFacts(run.history), [run]);
  const now = run.history.at(-1)?.at ?? 0;
  return (
    <section class="half" aria-label={run.title}>
      <h1>{withSpokenDurations(run.title)}</h1>
      <StagePicture facts={facts} />
      <CertificateBars certificates={facts.certificates} now={now} />
      <Revealed run={run} />
      {facts.refusal !== undefined && <DecidingPanel refusal={facts.refusal} />}
    </section>
  );
}
