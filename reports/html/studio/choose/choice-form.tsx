import { groupBy } from '../../../../core/findings/signals/group-by.ts';
import type { Checked, StudioChoice } from '../../studio-api.ts';
import { ChoiceField } from './choice-field.tsx';
import { OfferPanel } from './offer-panel.tsx';
import { placeOf, type Draft } from './use-draft.ts';

/** All choices: the variants of the file, and every choice in the schema. */
export function ChoiceForm({ draft, isLocked }: { readonly draft: Draft; readonly isLocked: boolean }) {
  const { checked, good = checked, isChanged } = draft;
  if (checked === undefined || good === undefined) return <p class="second">Reading …</p>;
  return (
    <section class="choices" aria-labelledby="choices">
      <h2 id="choices">Choices</h2>
      {isLocked && <p class="second">Changes apply to the next run.</p>}
      {checked.mistakes.length > 0 && (
        <div class="trouble" role="alert">
          <p>
            The scenario cannot run. <a href="#text">Correct these mistakes:</a>
          </p>
          <ul>
            {checked.mistakes.slice(0, 5).map(({ line, message }) => (
              <li key={`${line} ${message}`}>
                line {line}: {message}
              </li>
            ))}
          </ul>
        </div>
      )}
      <OfferPanel draft={draft} />
      {isChanged && (
        <p>
          <button type="button" onClick={() => draft.reset()}>
            Revert
          </button>
        </p>
      )}
      {good === checked ? (
        <ChoiceFields checked={good} draft={draft} />
      ) : (
        <fieldset class="last-good" disabled>
          <legend class="second">Choices of the last text without mistakes</legend>
          <ChoiceFields checked={good} draft={draft} />
        </fieldset>
      )}
    </section>
  );
}

/** The fields of all choices that the server found when it checked the text. */
function ChoiceFields({ checked, draft }: { readonly checked: Checked; readonly draft: Draft }) {
  const groups = groupBy(checked.choices, ({ group }) => group);
  return (
    <>
      {checked.scenarios.length > 1 && (
        <fieldset class="variants-choice">
          <legend>Variant</legend>
          {checked.scenarios.map((one) => (
            <label key={one.id} class="radio">
              <input type="radio" name="variant" checked={one.id === draft.id} onChange={() => draft.pick(one.id)} />
              <span>
                {one.variant}
                {one.shows === 'wrong' && <span class="mark">shows what goes wrong</span>}
              </span>
            </label>
          ))}
        </fieldset>
      )}
      {[...groups].map(([group, choices]) => (
        <Group key={group} group={group} choices={choices} draft={draft} />
      ))}
    </>
  );
}

interface GroupSettings {
  readonly group: string;
  readonly choices: readonly StudioChoice[];
  readonly draft: Draft;
}

/** Shows the choices that the file contains. The other choices are hidden until the user opens them. */
function Group({ group, choices, draft }: GroupSettings) {
  const isChanged = (choice: StudioChoice): boolean => {
    const before = draft.before.get(placeOf(choice));
    return before !== undefined && JSON.stringify(before.value) !== JSON.stringify(choice.value);
  };
  const first = choices.filter((choice) => choice.isWritten || isChanged(choice));
  const rest = choices.filter((choice) => !first.includes(choice));
  const field = (choice: StudioChoice) => (
    <ChoiceField
      key={placeOf(choice)}
      choice={choice}
      before={isChanged(choice) ? draft.before.get(placeOf(choice)) : undefined}
      onChange={(value) => draft.choose(choice, value)}
    />
  );
  return (
    <details class="choice-group" open={group.startsWith('devices') || first.some(isChanged)}>
      <summary>
        <h3>{titleOf(group)}</h3>
      </summary>
      {first.map(field)}
      {rest.length > 0 && (
        <details class="more-choices">
          <summary>{rest.length} more</summary>
          {rest.map(field)}
        </details>
      )}
    </details>
  );
}

function titleOf(group: string): string {
  const [first = '', second = '', ...more] = group.split(' ');
  if (first === 'timeline') return `Step ${second} · ${more.join(' ')}`;
  const words: Readonly<Record<string, string>> = { devices: 'Device', pki: 'CA', stations: 'Station', cloud: 'Cloud' };
  return [words[first] ?? first, second, ...more].join(' ').trim();
}
