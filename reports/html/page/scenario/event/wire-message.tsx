import type { HistoryEvent } from '../../../../../core/history/events.ts';
import { decodeWire, type WireHalf } from './decode-wire.ts';

/** Shows a protocol message: parsed, and as recorded. */
export function WireMessage({ wire }: { readonly wire: Extract<HistoryEvent, { kind: 'wire' }> }) {
  const { request, answer } = decodeWire(wire.message);
  return (
    <div class="wire-message">
      <p class="second">
        {wire.from} → {wire.to}, {wire.door}
      </p>
      <Half name="Request" half={request} />
      {answer !== undefined && <Half name="Response" half={answer} />}
      <details>
        <summary>As recorded</summary>
        <pre tabIndex={0}>{wire.message}</pre>
      </details>
    </div>
  );
}

function Half({ name, half }: { readonly name: string; readonly half: WireHalf }) {
  return (
    <section>
      <h4>{name}</h4>
      <p>
        <code>{half.head}</code>
      </p>
      {half.parameters.length > 0 && (
        <dl class="facts-list">
          {half.parameters.map(([parameter, value]) => (
            <div key={parameter}>
              <dt>{parameter}</dt>
              <dd>{value}</dd>
            </div>
          ))}
        </dl>
      )}
      {half.body !== undefined && (
        <pre tabIndex={0}>{typeof half.body === 'string' ? half.body : JSON.stringify(half.body, null, 2)}</pre>
      )}
    </section>
  );
}
