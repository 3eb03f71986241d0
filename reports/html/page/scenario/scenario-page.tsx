import { useEffect, useState } from 'preact/hooks';
import type { Run } from '../../../../core/run/run.ts';
import type { PageIndex } from '../../page-data.ts';
import { type Certificates, KnownCertificates } from '../certificate/known-certificates.ts';
import { openCertificates, openRun } from '../open-blocks.ts';
import type { Route } from '../route/route.ts';
import { NotFound } from './not-found.tsx';
import { ScenarioView } from './scenario-view.tsx';

interface Settings {
  readonly index: PageIndex;
  readonly route: Route & { readonly page: 'scenario' };
  readonly onRoute: (route: Route) => void;
}

/** Loads the run of a scenario and shows it. */
export function ScenarioPage({ index, route, onRoute }: Settings) {
  const entry = [...index.entries, ...index.earlier].find(({ id }) => id === route.id);
  const [opened, setOpened] = useState<Opened | Error>();
  useEffect(() => {
    if (entry === undefined) return;
    Promise.all([openRun(entry), openCertificates()]).then(
      ([run, certificates]) => setOpened({ run, certificates }),
      (error: unknown) => setOpened(error instanceof Error ? error : new Error(String(error))),
    );
  }, [entry]);
  if (entry === undefined) return <NotFound index={index} id={route.id} />;
  if (opened === undefined) return <p class="empty">Opening …</p>;
  if (opened instanceof Error) return <p class="empty">The run of this scenario cannot be opened: {opened.message}</p>;
  return (
    <KnownCertificates.Provider value={opened.certificates}>
      <ScenarioView index={index} entry={entry} run={opened.run} route={route} onRoute={onRoute} />
    </KnownCertificates.Provider>
  );
}

interface Opened {
  readonly run: Run;
  readonly certificates: Certificates;
}
