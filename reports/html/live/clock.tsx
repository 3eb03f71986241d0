import { useState } from 'preact/hooks';
import { parseInstant } from '../../../core/time/clock.ts';
import { dayText } from '../../sentences/day-text.ts';

interface Settings {
  /** Time of the lab in ISO 8601. */
  readonly now: string | undefined;
  /** Advances the clock by an ISO 8601 duration. */
  readonly onAdvance: (by: string) => void;
}

/** The clock of the lab, which can be advanced. */
export function Clock({ now, onAdvance }: Settings) {
  const [by, setBy] = useState('P1M');
  return (
    <section class="card" aria-labelledby="clock">
      <h2 id="clock">Clock</h2>
      <p class="now">{now === undefined ? '…' : `${dayText(parseInstant(now) ?? 0)}, ${now.slice(11, 16)} UTC`}</p>
      <form
        class="inline"
        onSubmit={(event) => {
          event.preventDefault();
          onAdvance(by);
        }}
      >
        <label>
          <span>Advance by</span>
          <select value={by} onChange={({ currentTarget }) => setBy(currentTarget.value)}>
            {Object.entries(steps).map(([value, text]) => (
              <option key={value} value={value}>
                {text}
              </option>
            ))}
          </select>
        </label>
        <button type="submit">Advance</button>
      </form>
      <p class="second">Certificates and tokens expire by this clock. The clock cannot go back.</p>
    </section>
  );
}

const steps = { PT1H: '1 hour', P1D: '1 day', P1W: '1 week', P1M: '1 month', P11M: '11 months', P1Y: '1 year' };
