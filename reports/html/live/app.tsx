import { useState } from 'preact/hooks';
import { KnownCertificates } from '../page/certificate/known-certificates.ts';
import { Clock } from './clock.tsx';
import type { ControlClient } from './control-client.ts';
import { Devices } from './devices.tsx';
import { Faults } from './faults.tsx';
import { LabParts } from './lab-parts.tsx';
import { Log } from './log.tsx';
import { Registry } from './registry.tsx';
import { Secrets } from './secrets.tsx';
import { useCertificates } from './use-certificates.ts';
import { useLab } from './use-lab.ts';

/** The live page of a lab. */
export function App({ client }: { readonly client: ControlClient }) {
  const { view, faults, registry, devices, lines, problem, refresh } = useLab(client);
  const { certificates, need } = useCertificates(client);
  const [refusal, setRefusal] = useState<string>();
  const tell = (error: unknown): void => setRefusal(error instanceof Error ? error.message : String(error));
  const order = (work: Promise<unknown>): void => {
    work.then(() => {
      setRefusal(undefined);
      refresh();
    }, tell);
  };
  return (
    <>
      <header class="top">
        <span class="brand">Rehearsal lab</span>
        <span class="second scope">ID scope {view?.idScope ?? '…'}</span>
        <span role="status" class={problem === undefined ? 'good' : 'bad'}>
          {problem === undefined ? '● live' : `connection lost: ${problem}`}
        </span>
      </header>
      <main class="lab">
        <h1 class="unseen">Live page of the lab</h1>
        <div class="wide">
          <KnownCertificates.Provider value={certificates}>
            <Devices devices={devices} onCertificates={need} />
          </KnownCertificates.Provider>
          <Log lines={lines} />
        </div>
        <div class="side">
          {refusal !== undefined && (
            <p role="alert" class="bad">
              {refusal}
            </p>
          )}
          <Clock now={view?.now} onAdvance={(by) => order(client.post('/clock/advance', { by }))} />
          <Faults
            faults={faults}
            onOrder={(fault) => order(client.post('/faults', fault))}
            onRemove={(id) => order(client.remove(`/faults/${encodeURIComponent(id)}`))}
          />
          <Registry
            registry={registry}
            onSynchronize={(namespace) => order(client.post('/registry/synchronize', { namespace }))}
            onRotate={(authority) => order(client.post('/registry/rotate', authority))}
            onRevoke={(deviceId) => order(client.post('/registry/revoke', { deviceId }))}
          />
          {view !== undefined && (
            <>
              <LabParts view={view} />
              <Secrets
                client={client}
                revision={view.enrollments.length + view.enrollmentGroups.length}
                onProblem={tell}
              />
            </>
          )}
        </div>
      </main>
    </>
  );
}
