import type { HistoryEvent } from '../../../../../core/history/events.ts';
import type { Run } from '../../../../../core/run/run.ts';
import { CertificateChain } from './certificate-chain.tsx';
import { DecisionTable } from './decision-table.tsx';
import { FactList } from './fact-list.tsx';
import { Findings } from '../findings.tsx';
import { WireMessage } from './wire-message.tsx';

interface Settings {
  readonly run: Run;
  readonly happening: HistoryEvent;
  /** True if an attacker caused the event. */
  readonly isAttack: boolean;
  readonly onEvent: (event: number) => void;
}

/** Shows the fields of an event, in the form for its kind. */
export function EventFacts({ run, happening, isAttack, onEvent }: Settings) {
  if (happening.kind === 'wire') return <WireMessage wire={happening} />;
  if (happening.kind === 'decision') {
    return <DecisionTable decision={happening} at={happening.at} isAttack={isAttack} />;
  }
  if (happening.kind === 'step-started') return <FactList facts={{ file: `${run.file}:${happening.line}` }} />;
  if (happening.kind === 'signals') return <Findings findings={happening.findings} onEvent={onEvent} />;
  if (happening.kind === 'deed') {
    // The list of facts omits the subject and the sentence, because the heading already shows them.
    const { at, certificates, party, station } = happening;
    return (
      <>
        <FactList facts={{ party, station }} />
        {certificates !== undefined && <CertificateChain certificates={certificates} now={at} isOpen />}
      </>
    );
  }
  const { kind: _, at: __, ...facts } = happening;
  return <FactList facts={facts} />;
}
