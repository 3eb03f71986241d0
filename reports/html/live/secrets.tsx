import { useEffect, useState } from 'preact/hooks';
import { CopyButton } from '../page/copy-button.tsx';
import type { LiveSecret } from '../live-api.ts';
import type { ControlClient } from './control-client.ts';

interface Settings {
  readonly client: ControlClient;
  /** Changes if the enrollments of the lab have changed; the page then reads the secrets again. */
  readonly revision: number;
  /** Receives the error of a refused request. */
  readonly onProblem: (error: unknown) => void;
}

/** The keys of the lab, and the places where the lab stores them. The page reads the value of a key only when the user asks for it. */
export function Secrets({ client, revision, onProblem }: Settings) {
  const [isOpen, setOpen] = useState(false);
  const [secrets, setSecrets] = useState<readonly LiveSecret[]>([]);
  const [values, setValues] = useState<ReadonlyMap<string, string>>(new Map());
  const read = (query: string): Promise<readonly LiveSecret[]> =>
    client.get<{ secrets: readonly LiveSecret[] }>(`/secrets${query}`).then((answer) => answer.secrets);
  useEffect(() => {
    if (isOpen) read('').then(setSecrets, onProblem);
  }, [client, isOpen, revision]);
  const show = (wanted: LiveSecret): void => {
    read('?reveal=true')
      .then((all) => all.find((one) => keyOf(one) === keyOf(wanted))?.value)
      .then((value = '') => setValues((before) => new Map(before).set(keyOf(wanted), value)), onProblem);
  };
  return (
    <section class="card" aria-labelledby="secrets">
      <details onToggle={({ currentTarget }) => setOpen(currentTarget.open)}>
        <summary>
          <h2 id="secrets">Secrets</h2>
        </summary>
        <ul class="plain">
          {secrets.map((secret) => {
            const value = values.get(keyOf(secret));
            return (
              <li key={keyOf(secret)} class="inline">
                <span>
                  <b>{secret.name}</b>{' '}
                  <span class="second">
                    {secret.kind}, {secret.place}
                  </span>
                  {value !== undefined && <code class="value">{value}</code>}
                </span>
                {value === undefined ? (
                  <button type="button" aria-label={`Show ${secret.name}`} onClick={() => show(secret)}>
                    Show
                  </button>
                ) : (
                  <CopyButton name="Copy" text={value} />
                )}
              </li>
            );
          })}
        </ul>
      </details>
    </section>
  );
}

function keyOf({ name, kind, place }: LiveSecret): string {
  return [kind, name, place].join('\n');
}
