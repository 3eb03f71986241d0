import { useState } from 'preact/hooks';
import type { LiveFault } from '../live-api.ts';

interface Settings {
  readonly faults: readonly LiveFault[];
  readonly onOrder: (fault: Readonly<Record<string, unknown>>) => void;
  readonly onRemove: (id: string) => void;
}

/** The active faults of the lab, and a form that adds a fault. */
export function Faults({ faults, onOrder, onRemove }: Settings) {
  const [effect, setEffect] = useState<keyof typeof effects>('answer 503');
  const [device, setDevice] = useState('');
  return (
    <section class="card" aria-labelledby="faults">
      <h2 id="faults">Faults</h2>
      <form
        class="inline"
        onSubmit={(event) => {
          event.preventDefault();
          onOrder({ ...effects[effect], ...(device === '' ? {} : { registrationId: device }) });
        }}
      >
        <label>
          <span>Effect</span>
          <select
            value={effect}
            onChange={({ currentTarget }) => setEffect(currentTarget.value as keyof typeof effects)}
          >
            {Object.keys(effects).map((name) => (
              <option key={name}>{name}</option>
            ))}
          </select>
        </label>
        <label>
          <span>Registration ID</span>
          <input
            type="search"
            placeholder="all devices"
            value={device}
            onInput={({ currentTarget }) => setDevice(currentTarget.value.trim())}
          />
        </label>
        <button type="submit">Add fault</button>
      </form>
      <ul class="plain">
        {faults.map((fault) => (
          <li key={fault.id} class="inline">
            <span>
              {effectText(fault)} for {fault.registrationId ?? 'all devices'}, applied {fault.struck}{' '}
              {fault.struck === 1 ? 'time' : 'times'}
            </span>
            <button type="button" aria-label={`Remove ${fault.id}`} onClick={() => onRemove(fault.id)}>
              Remove
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}

const effects = {
  'answer 429': { answer: 429, retryAfter: 20 },
  'answer 500': { answer: 500 },
  'answer 503': { answer: 503 },
  'cut the connection': { drop: true },
  'delay 30 seconds': { delay: 'PT30S' },
};

function effectText({ effect: { kind, status, delayMs } }: LiveFault): string {
  if (kind === 'answer') return `answer ${status ?? ''}`;
  return kind === 'drop' ? 'cut the connection' : `delay ${(delayMs ?? 0) / 1000} s`;
}
