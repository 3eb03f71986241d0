import { useEffect, useState } from 'preact/hooks';
import type { ActAnswer, ChoiceValue, StudioAction, StudioConsole } from '../../studio-api.ts';
import type { Api } from '../api.ts';
import { ChoiceField } from '../choose/choice-field.tsx';

interface Settings {
  readonly api: Api;
  readonly play: number;
  /** How much has happened: the seat is looked at anew when that changes. */
  readonly at: number;
}

/** The seat of the attacker: what has leaked, whom it may be tried on, and what came of it. Open while the timeline stands. */
export function AttackerConsole({ api, play, at }: Settings) {
  const [seat, setSeat] = useState<StudioConsole>();
  const [name, setName] = useState('impersonate');
  const [words, setWords] = useState<Readonly<Record<string, ChoiceValue>>>({});
  const [answer, setAnswer] = useState<ActAnswer>();
  const [isBusy, setBusy] = useState(false);
  useEffect(() => {
    // While somebody acts it is not free; what was seen of it holds until then.
    api.seat(play).then(setSeat, () => {});
  }, [api, play, at]);
  if (seat === undefined) return null;
  const deed = seat.deeds.find((one) => one.name === name);
  const act = (): void => {
    setBusy(true);
    api
      .act(play, { [name]: words })
      .then(setAnswer, (error: unknown) =>
        setAnswer({ mistakes: [error instanceof Error ? error.message : String(error)] }),
      )
      .finally(() => setBusy(false));
  };
  return (
    <details class="seat">
      <summary>
        <h2>Take the attacker’s seat</h2>
      </summary>
      <div class="seat-parts">
        <Known seat={seat} />
        <form
          class="seat-form"
          onSubmit={(event) => {
            event.preventDefault();
            act();
          }}
        >
          <label>
            <span>What he does</span>
            <select
              value={name}
              onChange={(event) => {
                setName(event.currentTarget.value);
                setWords({});
                setAnswer(undefined);
              }}
            >
              {seat.deeds.map((one) => (
                <option key={one.name} value={one.name}>
                  {one.name}
                </option>
              ))}
            </select>
          </label>
          {deed !== undefined && <Words deed={deed} words={words} onWords={setWords} />}
          <button type="submit" class="main" disabled={isBusy}>
            {isBusy ? 'Trying …' : 'Try it'}
          </button>
        </form>
      </div>
      <Came answer={answer} />
    </details>
  );
}

function Known({ seat: { loot, leaked, targets } }: { readonly seat: StudioConsole }) {
  return (
    <div class="seat-known">
      <h3>His loot</h3>
      {loot.length === 0 ? (
        <p class="second">Nothing has been taken so far.</p>
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
          <h3>What lies where it should not</h3>
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
  readonly deed: StudioAction;
  readonly words: Readonly<Record<string, ChoiceValue>>;
  readonly onWords: (words: Readonly<Record<string, ChoiceValue>>) => void;
}

function Words({ deed, words, onWords }: WordsSettings) {
  return (
    <>
      <p class="second">{deed.summary}</p>
      {deed.words.map((word) => (
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

function Came({ answer }: { readonly answer: ActAnswer | undefined }) {
  if (answer === undefined) return null;
  const { mistakes = [], sentences = [] } = answer;
  return (
    <div class="came" role="status">
      {mistakes.length > 0 && <p class="trouble">{mistakes.join('; ')}</p>}
      <ol>
        {sentences.map((sentence, index) => (
          <li key={index}>{sentence}</li>
        ))}
      </ol>
    </div>
  );
}
