import { useId } from 'preact/hooks';
import type { ChoiceValue, StudioChoice } from '../../studio-api.ts';

interface Settings {
  readonly choice: Omit<StudioChoice, 'path' | 'group' | 'isWritten'> & { readonly isWritten?: boolean };
  /** The same choice in the file on the disk, if its value there differs. */
  readonly before?: StudioChoice | undefined;
  readonly onChange: (value: ChoiceValue) => void;
}

/** A field for one choice. */
export function ChoiceField({ choice, before, onChange }: Settings) {
  const id = useId();
  const { word, description } = choice;
  return (
    <div class={`choice${before === undefined ? '' : ' changed'}`}>
      <label for={id} title={description}>
        {spoken(word)}
      </label>
      <Input id={id} choice={choice} onChange={onChange} />
      {before !== undefined && (
        <p class="second">
          was {shown(before.value)}{' '}
          <button type="button" class="link" onClick={() => onChange(before.isWritten ? before.value : null)}>
            revert
          </button>
        </p>
      )}
    </div>
  );
}

interface InputSettings extends Pick<Settings, 'choice' | 'onChange'> {
  readonly id: string;
}

function Input({ id, choice, onChange }: InputSettings) {
  const { kind, value, options } = choice;
  switch (kind) {
    case 'one-of':
      return (
        <select id={id} value={String(value ?? '')} onChange={(event) => onChange(event.currentTarget.value || null)}>
          {(value === null || choice.isOptional) && <option value="">{nothing(choice)}</option>}
          {options.map((option) => (
            <option key={option} value={option}>
              {option}
            </option>
          ))}
        </select>
      );
    case 'yes-no':
      return (
        <select id={id} value={String(value)} onChange={(event) => onChange(event.currentTarget.value === 'true')}>
          <option value="true">yes</option>
          <option value="false">no</option>
        </select>
      );
    case 'some-of':
      return <Several id={id} choice={choice} onChange={onChange} />;
    case 'number':
      return (
        <input
          id={id}
          type="number"
          step="any"
          value={value === null ? '' : Number(value)}
          onChange={(event) => onChange(event.currentTarget.value === '' ? null : event.currentTarget.valueAsNumber)}
        />
      );
    case 'duration':
    case 'text':
      return (
        <input
          id={id}
          type="text"
          value={String(value ?? '')}
          placeholder={kind === 'duration' ? 'such as P90D' : ''}
          spellcheck={false}
          autocomplete="off"
          onChange={(event) => onChange(event.currentTarget.value.trim() || null)}
        />
      );
  }
}

function Several({ id, choice: { value, options }, onChange }: InputSettings) {
  const chosen = Array.isArray(value) ? value.map(String) : [];
  return (
    <div class="several" id={id} role="group">
      {options.map((option) => (
        <label key={option} class="check">
          <input
            type="checkbox"
            checked={chosen.includes(option)}
            onChange={(event) =>
              onChange(event.currentTarget.checked ? [...chosen, option] : chosen.filter((one) => one !== option))
            }
          />{' '}
          {option}
        </label>
      ))}
    </div>
  );
}

/** Returns the label of the option that selects no value. */
function nothing({ isOptional, isWritten }: InputSettings['choice']): string {
  if (!isOptional) return 'choose …';
  return isWritten === true ? 'omit' : 'nothing';
}

/** Returns the name of a property as people write it, such as `key store` for `keyStore`. */
function spoken(word: string): string {
  return word.replaceAll(/(?<=[a-z])(?=[A-Z])/g, ' ').toLowerCase();
}

function shown(value: ChoiceValue): string {
  if (value === null) return 'nothing';
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  return Array.isArray(value) ? value.join(', ') || 'none' : String(value);
}
