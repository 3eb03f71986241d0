import type { HistoryEvent } from '../../../../../core/history/events.ts';
import { decodedTexts } from './decoded-text.ts';
import { decodeWire, type WireHalf } from './decode-wire.ts';
import { isErrorAnswer, messageFields, statusMeaning } from './message-fields.ts';

type Wire = Extract<HistoryEvent, { kind: 'wire' }>;

/** Shows a protocol message: the parts of request and response, and the text as the run recorded it. */
export function WireMessage({ wire }: { readonly wire: Wire }) {
  const { request, answer } = decodeWire(wire.message);
  return (
    <div class="wire-message">
      <Request wire={wire} half={request} />
      {answer !== undefined && <Answer wire={wire} half={answer} />}
      <details>
        <summary>As recorded</summary>
        <pre tabIndex={0}>{wire.message}</pre>
      </details>
    </div>
  );
}

function Request({ wire: { door, from, to }, half }: { readonly wire: Wire; readonly half: WireHalf }) {
  const fields = messageFields(door, half.head);
  return (
    <section>
      <h4>
        <Arrow>→</Arrow> Request <span class="second">{`${from} to ${to} over ${door}`}</span>
      </h4>
      {fields === undefined ? (
        <p>
          <code>{half.head}</code>
        </p>
      ) : (
        <dl class="facts-list">
          <Field name="Method" value={fields.method} />
          {fields.target !== '' && <Field name={fields.label} value={fields.target} />}
          {fields.properties.map(([name, value]) => (
            <Field key={name} name={name} value={value} />
          ))}
        </dl>
      )}
      <Payload body={half.body} />
    </section>
  );
}

function Answer({ wire: { from, to }, half }: { readonly wire: Wire; readonly half: WireHalf }) {
  const meaning = statusMeaning(half.head);
  return (
    <section>
      <h4>
        <Arrow>←</Arrow> Response <span class="second">{`${to} to ${from}`}</span>
      </h4>
      <p class={isErrorAnswer(half.head) ? 'bad' : undefined}>
        <code>{half.head}</code>
        {meaning !== undefined && ` ${meaning}`}
      </p>
      <Payload body={half.body} />
    </section>
  );
}

function Arrow({ children }: { readonly children: string }) {
  return (
    <span class="arrow" aria-hidden="true">
      {children}
    </span>
  );
}

function Field({ name, value }: { readonly name: string; readonly value: string }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>
        <code>{value}</code>
      </dd>
    </div>
  );
}

/** Shows a payload: JSON with indentation. If a value is base64 of a text, also shows the decoded text. */
function Payload({ body }: { readonly body: unknown }) {
  if (body === undefined) return null;
  const decoded = decodedTexts(body);
  return (
    <>
      <p class="second">Payload</p>
      <pre tabIndex={0}>{typeof body === 'string' ? body : JSON.stringify(body, null, 2)}</pre>
      {decoded.map(({ path, text }) => (
        <div key={path}>
          <p class="second">{path === '' ? 'Payload' : path}, base64 decoded</p>
          <pre tabIndex={0}>{text}</pre>
        </div>
      ))}
    </>
  );
}
