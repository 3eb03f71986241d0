import { useMemo } from 'preact/hooks';
import type { Run } from '../../../../core/run/run.ts';
import type { PageEntry, PageIndex } from '../../page-data.ts';
import type { Route } from '../route/route.ts';
import { useNarrow } from '../use-narrow.ts';
import { About } from './about.tsx';
import { decisiveEvent } from './decisive-event.ts';
import { FleetCharts } from './fleet-charts.tsx';
import { More } from './more.tsx';
import { ScenarioHead } from './scenario-head.tsx';
import { Steps } from './steps.tsx';
import { Trace } from './trace.tsx';
import { WhyCard } from './why-card.tsx';

interface Settings {
  readonly index: PageIndex;
  readonly entry: PageEntry;
  readonly run: Run;
  readonly route: Route & { readonly page: 'scenario' };
  readonly onRoute: (route: Route) => void;
}

/** A scenario: its verdict and the reason, the charts of its fleets, all events, its story and lesson, its steps, and further findings. */
export function ScenarioView({ index, entry, run, route, onRoute }: Settings) {
  const isNarrow = useNarrow();
  const decisive = useMemo(() => decisiveEvent(run), [run]);
  // The page of a run that did not pass opens at the event that decided the verdict. A narrow page opens at its top, because scrolling to
  // the event would hide the reason.
  const opened = isNarrow ? undefined : decisive;
  const event = route.event === undefined ? opened : route.event - 1;
  const chooseEvent = (next: number): void => onRoute({ ...route, event: next + 1 });
  return (
    <article class="scenario">
      <ScenarioHead index={index} entry={entry} run={run} />
      <WhyCard entry={entry} run={run} decisive={decisive} onEvent={chooseEvent} />
      <FleetCharts run={run} />
      {run.history.length === 0 ? (
        <p class="empty">No events: {run.verdict.reason}</p>
      ) : (
        <Trace run={run} event={event} onEvent={chooseEvent} />
      )}
      <About index={index} entry={entry} run={run} />
      <Steps index={index} run={run} onEvent={chooseEvent} />
      <More run={run} onEvent={chooseEvent} />
    </article>
  );
}
