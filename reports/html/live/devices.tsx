import { useEffect, useState } from 'preact/hooks';
import type { CertificateSpan } from '../../../core/history/certificate-span.ts';
import { firstFailed } from '../../../core/history/decision.ts';
import { parseInstant } from '../../../core/time/clock.ts';
import { decisionText } from '../../sentences/decision-text.ts';
import { DecisionTable } from '../page/scenario/event/decision-table.tsx';
import type { LiveDecision } from '../live-api.ts';
import type { LiveDevice } from './live-state.ts';

interface Settings {
  readonly devices: readonly LiveDevice[];
  /** Requests the certificates in the decisions about a device that the user has opened, by their SHA-256 thumbprints. */
  readonly onCertificates: (thumbprints: readonly string[]) => void;
}

/** The devices with their last result. If the user opens a device, the list shows its decisions and their checks. */
export function Devices({ devices, onCertificates }: Settings) {
  const judged = devices.filter(({ last }) => last.kind !== 'pending');
  const refused = judged.filter(({ last }) => last.outcome === 'refused').length;
  return (
    <section aria-labelledby="devices">
      <h2 id="devices">Devices</h2>
      {judged.length === 0 ? (
        <p class="empty">No device has connected yet. The page shows each device with the last decision about it.</p>
      ) : (
        <p class="tally" aria-live="polite">
          <b class={refused > 0 ? 'bad' : 'good'}>
            {refused} of {judged.length} {judged.length === 1 ? 'device' : 'devices'} refused
          </b>
        </p>
      )}
      <ul class="devices">
        {judged.map((device) => (
          <Device key={device.name.toLowerCase()} device={device} onCertificates={onCertificates} />
        ))}
      </ul>
    </section>
  );
}

interface DeviceSettings extends Pick<Settings, 'onCertificates'> {
  readonly device: LiveDevice;
}

function Device({ device: { name, last, decisions }, onCertificates }: DeviceSettings) {
  const isRefused = last.outcome === 'refused';
  const [isOpen, setOpen] = useState(false);
  useEffect(() => {
    if (isOpen) onCertificates(decisions.flatMap(({ certificates = [] }) => certificates).flatMap(thumbprintOf));
  }, [isOpen, decisions]);
  return (
    <li class={isRefused ? 'device refused' : 'device'}>
      <details onToggle={({ currentTarget }) => setOpen(currentTarget.open)}>
        <summary>
          <span class={`sign ${isRefused ? 'bad' : 'good'}`} aria-hidden="true">
            {isRefused ? '✕' : '✓'}
          </span>
          <span class="what">
            <b>{name}</b>{' '}
            <span class={isRefused ? 'bad' : 'good'}>
              {isRefused ? 'refused' : last.kind === 'decision' ? 'accepted' : last.kind}
            </span>
            {last.check !== undefined && (
              <>
                {' '}
                <code>{last.check}</code>
              </>
            )}
            <span class="why">{last.reason ?? last.sentence}</span>
          </span>
          <span class="second">{timeOf(last.at)}</span>
        </summary>
        <ol class="attempts">
          {decisions.toReversed().map((decision, index) => (
            <li key={decisions.length - index}>
              <Attempt decision={decision} isOpen={index === 0} />
            </li>
          ))}
        </ol>
      </details>
    </li>
  );
}

function Attempt({ decision, isOpen }: { readonly decision: LiveDecision; readonly isOpen: boolean }) {
  return (
    <details open={isOpen}>
      <summary>
        <h3 class={firstFailed(decision) === undefined ? 'good' : 'bad'}>{decisionText(decision)}</h3>{' '}
        <span class="second">{timeOf(decision.at)}</span>
      </summary>
      <DecisionTable decision={decision} at={parseInstant(decision.at) ?? 0} isAttack={false} />
    </details>
  );
}

function thumbprintOf({ thumbprint }: CertificateSpan): readonly string[] {
  return thumbprint === undefined ? [] : [thumbprint];
}

/** Returns the time of day in UTC: `08:00:00`. */
function timeOf(at: string): string {
  return at.slice(11, 19);
}
