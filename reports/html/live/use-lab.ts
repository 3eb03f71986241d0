import { useEffect, useRef, useState } from 'preact/hooks';
import type { LabView, LiveDecision, LiveEntry, LiveFault, LiveRegistry } from '../live-api.ts';
import type { ControlClient } from './control-client.ts';
import { type LiveState, nothingYet, withDecision, withEntry } from './live-state.ts';

/** The data of the page. If the connection to the lab is lost, `problem` is the reason. */
export interface OpenLab extends LiveState {
  readonly view: LabView | undefined;
  readonly faults: readonly LiveFault[];
  readonly registry: LiveRegistry;
  readonly problem: string | undefined;
  /** Reads the enrollments, hubs, TPMs, faults and device registry of the lab again. */
  readonly refresh: () => void;
}

/** Follows a lab: reads its event stream, and calls `refresh` after each event. */
export function useLab(client: ControlClient): OpenLab {
  const [state, setState] = useState(nothingYet);
  const [view, setView] = useState<LabView>();
  const [faults, setFaults] = useState<readonly LiveFault[]>([]);
  const [registry, setRegistry] = useState<LiveRegistry>({ authorities: [], devices: [] });
  const [problem, setProblem] = useState<string>();
  const waiting = useRef<ReturnType<typeof setTimeout>>(undefined);
  const refresh = (): void => {
    clearTimeout(waiting.current);
    waiting.current = setTimeout(() => {
      void Promise.all([
        client.get<LabView>('/lab'),
        client.get<{ faults: readonly LiveFault[] }>('/faults'),
        client.get<LiveRegistry>('/registry'),
      ]).then(
        ([lab, listed, registered]) => {
          setView(lab);
          setFaults(listed.faults);
          setRegistry(registered);
        },
        () => {},
      );
    }, 150);
  };
  useEffect(() => {
    const end = new AbortController();
    let last = '0';
    let retry: ReturnType<typeof setTimeout> | undefined;
    const read = (id: string, name: string, data: unknown): void => {
      if (id !== '') last = id;
      if (name === 'log') setState((before) => withEntry(before, data as LiveEntry));
      if (name === 'history' && isDecision(data)) setState((before) => withDecision(before, data));
      setProblem(undefined);
      refresh();
    };
    const follow = (): void => {
      void client
        .events(last, read, end.signal)
        .then(() => 'the lab ended the connection', String)
        .then((reason) => {
          if (end.signal.aborted) return;
          setProblem(reason);
          retry = setTimeout(follow, 2000);
        });
    };
    follow();
    refresh();
    const ticking = setInterval(refresh, 5000);
    return () => {
      end.abort();
      clearTimeout(retry);
      clearInterval(ticking);
    };
  }, [client]);
  return { ...state, view, faults, registry, problem, refresh };
}

function isDecision(data: unknown): data is LiveDecision {
  return typeof data === 'object' && data !== null && 'kind' in data && data.kind === 'decision';
}
