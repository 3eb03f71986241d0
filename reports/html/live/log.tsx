import { useState } from 'preact/hooks';
import type { LiveEntry } from '../live-api.ts';

/** The log of the lab, the newest line first. Messages and handshakes are hidden until the user asks for them. */
export function Log({ lines }: { readonly lines: readonly LiveEntry[] }) {
  const [hasMessages, setMessages] = useState(false);
  const shown = hasMessages ? lines : lines.filter(({ kind }) => kind !== 'message');
  return (
    <section aria-labelledby="log">
      <div class="log-head">
        <h2 id="log">Log</h2>
        <label class="check">
          <input
            type="checkbox"
            checked={hasMessages}
            onChange={({ currentTarget }) => setMessages(currentTarget.checked)}
          />{' '}
          Show messages and handshakes
        </label>
      </div>
      {shown.length === 0 && (
        <p class="empty">
          {lines.length === 0
            ? 'No lines yet. Each connection and each decision adds a line.'
            : `No decisions yet. The log has ${lines.length === 1 ? '1 message' : `${lines.length} messages`}.`}
        </p>
      )}
      {/* `tabIndex` gives the region the focus, so that keyboard users can scroll it. */}
      <div class="log" tabIndex={0} hidden={shown.length === 0} role="region" aria-label="Log lines">
        <ol>
          {shown.map((entry, index) => (
            <li key={shown.length - index} class={entry.outcome === 'refused' ? 'bad' : entry.kind}>
              <span class="second">{entry.at.slice(11, 19)}</span> {entry.sentence}
            </li>
          ))}
        </ol>
      </div>
    </section>
  );
}
