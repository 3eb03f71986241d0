import { useId } from 'preact/hooks';
import type { CheckId } from '../../../../core/checks.ts';
import type { Party } from '../../../../core/history/events.ts';
import type { Breakpoints, StudioFiles, StudioStep } from '../../studio-api.ts';

interface Settings {
  readonly files: StudioFiles | undefined;
  readonly steps: readonly StudioStep[];
  readonly value: Breakpoints;
  readonly onChange: (value: Breakpoints) => void;
}

/** The form for breakpoints. */
export function BreakpointForm({ files, steps, value, onChange }: Settings) {
  const { parties, checks } = value;
  const set = [
    ...value.steps.map((step) => ({
      key: `step ${step}`,
      name: `before step ${step + 1}, ${steps[step]?.name ?? ''}`,
      without: { ...value, steps: value.steps.filter((one) => one !== step) },
    })),
    ...parties.map((party) => ({
      key: party,
      name: `when ${party.replaceAll('-', ' ')} acts`,
      without: { ...value, parties: parties.filter((one) => one !== party) },
    })),
    ...checks.map((check) => ({
      key: check,
      name: `when ${check} is applied`,
      without: { ...value, checks: checks.filter((one) => one !== check) },
    })),
  ];
  return (
    <details class="breakpoints">
      <summary>
        Breakpoints <span class="second">{set.length === 0 ? 'none' : set.map(({ name }) => name).join('; ')}</span>
      </summary>
      <div class="breakpoint-fields">
        <Adder
          name="Before a step"
          options={steps.map(({ index, name, subject }) => [String(index), `${index + 1} · ${name} ${subject}`])}
          onAdd={(step) => onChange({ ...value, steps: distinct([...value.steps, Number(step)]) })}
        />
        <Adder
          name="When a party acts"
          options={(files?.parties ?? []).map((party) => [party, party.replaceAll('-', ' ')])}
          onAdd={(party) => onChange({ ...value, parties: distinct([...parties, party as Party]) })}
        />
        <Adder
          name="When a check is applied"
          options={(files?.checks ?? []).map(({ id, sentence }) => [id, `${id}: ${sentence}`])}
          onAdd={(check) => onChange({ ...value, checks: distinct([...checks, check as CheckId]) })}
        />
      </div>
      <ul class="breakpoint-list">
        {set.map(({ key, name, without }) => (
          <li key={key}>
            {name}{' '}
            <button
              type="button"
              class="link"
              aria-label={`Remove the breakpoint ${name}`}
              onClick={() => onChange(without)}
            >
              remove
            </button>
          </li>
        ))}
      </ul>
    </details>
  );
}

interface AdderSettings {
  readonly name: string;
  readonly options: readonly (readonly [string, string])[];
  readonly onAdd: (value: string) => void;
}

function Adder({ name, options, onAdd }: AdderSettings) {
  const id = useId();
  return (
    <label for={id}>
      <span>{name}</span>
      <select
        id={id}
        value=""
        onChange={(event) => {
          if (event.currentTarget.value !== '') onAdd(event.currentTarget.value);
          event.currentTarget.value = '';
        }}
      >
        <option value="">add …</option>
        {options.map(([value, text]) => (
          <option key={value} value={value}>
            {text}
          </option>
        ))}
      </select>
    </label>
  );
}

function distinct<T>(values: readonly T[]): readonly T[] {
  return [...new Set(values)];
}
