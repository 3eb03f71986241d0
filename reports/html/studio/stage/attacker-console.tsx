import { useEffect, useState } from 'preact/hooks';
import { attackWords } from '../../../../core/findings/attack-results.ts';
import type { HistoryEvent } from '../../../../core/history/events.ts';
import { counted } from '../../page/format/counted.ts';
import type { ActAnswer, ChoiceValue, StudioAction, StudioConsole } from '../../studio-api.ts';
import type { Api } from '../api.ts';
import { actionNames } from './action-names.ts';
import { defaultWords, impersonatedIn } from './default-words.ts';
import { ChoiceField } from '../choose/choice-field.tsx';

interface Settings {
  readonly api: Api;
  readonly play: number;
  /** The events of the play so far. If a new event arrives, the page reloads the state of the console. */
  readonly events: readonly HistoryEvent[];
}

/** The attacker console: loot, exposed secrets, devices, an action to try, and its result. Available while the play is paused. */
export function AttackerConsole({ api, play, events }: Settings) {
  const [state, setState] = useState<StudioConsole>();
  const [name, setName] = useState('impersonate');
  const [words, setWords] = useState<Readonly<Record<string, ChoiceValue>>>({});
  const [answer, setAnswer] = useState<ActAnswer>();
  const [isBusy, setBusy] = useState(false);
  useEffect(() => {
    // While an action of the attacker runs, the server has no console state, so the page keeps showing the last state.
    api.attackerConsole(play).then(setState, () => {});
  }, [api, play, events.length]);
  if (state === undefined) return null;
  const action = state.deeds.find((one) => one.name === name);
  const impersonated = impersonatedIn(events);
  const filled = action === undefined ? words : { ...defaultWords(action, state, impersonated), ...words };
  const act = (): void => {
    setBusy(true);
    api
      .act(play, { [name]: filled })
      .then(setAnswer, (error: unknown) =>
        setAnswer({ mistakes: [error instanceof Error ? error.message : String(error)] }),
      )
      .finally(() => setBusy(false));
  };
  return (
    <details class="seat">
      <summary>
        <h2>Attacker console</h2>
      </summary>
      <div class="seat-parts">
        <Known state={state} impersonated={impersonated} />
        <form
          class="seat-form"
          onSubmit={(event) => {
            event.preventDefault();
            act();
          }}
        >
          <label>
            <span>Action</span>
            <select
              value={name}
              onChange={(event) => {
                setName(event.currentTarget.value);
                setWords({});
                setAnswer(undefined);
              }}
            >
              {state.deeds.map((one) => (
                <option key={one.name} value={one.name}>
                  {actionNames[one.name] ?? one.name}
                </option>
              ))}
            </select>
          </label>
          {action !== undefined && <Words action={action} words={filled} onWords={setWords} />}
          <button type="submit" class="main" disabled={isBusy}>
            {isBusy ? 'Trying …' : 'Try it'}
          </button>
        </form>
      </div>
      <Result answer={answer} />
    </details>
  );
}

interface KnownSettings {
  readonly state: StudioConsole;
  readonly impersonated: ReadonlySet<string>;
}

function Known({ state: { loot, leaked, targets }, impersonated }: KnownSettings) {
  const fallen = targets.filter(
    ({ name, registrationId = name }) => impersonated.has(name) || impersonated.has(registrationId),
  );
  return (
    <div class="seat-known">
      <p class={`seat-tally${fallen.length > 0 ? ' bad' : ''}`}>
        {fallen.length > 0 && 'Breach: '}
        {fallen.length} of {counted(targets.length, 'device')} impersonated
      </p>
      <h3>Loot</h3>
      {loot.length === 0 ? (
        <p class="second">The attacker has no loot yet.</p>
      ) : (
        <ul>
          {loot.map(({ name, what }) => (
            <li key={name}>
              <b>{name}</b>: {what}
            </li>
          ))}
        </ul>
      )}
      {leaked.length > 0 && (
        <>
          <h3>Exposed secrets</h3>
          <ul>
            {leaked.slice(0, 12).map((one) => (
              <li key={one}>{one}</li>
            ))}
            {leaked.length > 12 && <li class="second">and {leaked.length - 12} more</li>}
          </ul>
        </>
      )}
      <h3>Devices</h3>
      <p class="second">
        {targets
          .slice(0, 30)
          .map(({ name }) => name)
          .join(', ')}
        {targets.length > 30 && ` and ${targets.length - 30} more`}
      </p>
    </div>
  );
}

interface WordsSettings {
  readonly action: StudioAction;
  readonly words: Readonly<Record<string, ChoiceValue>>;
  readonly onWords: (words: Readonly<Record<string, ChoiceValue>>) => void;
}

function Words({ action, words, onWords }: WordsSettings) {
  return (
    <>
      <p class="second">{action.summary}</p>
      {action.words.map((word) => (
        <ChoiceField
          key={word.word}
          choice={{ ...word, value: words[word.word] ?? null }}
          onChange={(value) => {
            const { [word.word]: _former, ...others } = words;
            onWords(value === null ? others : { ...others, [word.word]: value });
          }}
        />
      ))}
    </>
  );
}

function Result({ answer }: { readonly answer: ActAnswer | undefined }) {
  if (answer === undefined) return null;
  const { mistakes = [], sentences = [] } = answer;
  return (
    <div class="came" role="status">
      {mistakes.length > 0 && <p class="trouble">{mistakes.join('; ')}</p>}
      <ol>
        {sentences.map((sentence, index) => (
          <li key={index} class={toneOf(sentence)}>
            {sentence}
          </li>
        ))}
      </ol>
    </div>
  );
}

/** Returns the class of a sentence that begins with the result of an attack. */
function toneOf(sentence: string): string | undefined {
  return Object.values(attackWords).find(({ word }) => sentence.startsWith(`${word}: `))?.tone;
}
