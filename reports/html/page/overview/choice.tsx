interface Settings {
  readonly name: string;
  readonly value: string | undefined;
  readonly options: readonly { readonly value: string; readonly text: string }[];
  readonly onChange: (value: string) => void;
}

/** A field in which the user chooses one value or "any". A value from the address is shown even if it is not in `options`. */
export function Choice({ name, value = '', options, onChange }: Settings) {
  const isForeign = value !== '' && !options.some((option) => option.value === value);
  return (
    <label class="choice">
      <span>{name}</span>
      <select value={value} onChange={(event) => onChange(event.currentTarget.value)}>
        <option value="">Any</option>
        {isForeign && <option value={value}>{value}</option>}
        {options.map((option) => (
          <option key={option.value} value={option.value}>
            {option.text}
          </option>
        ))}
      </select>
    </label>
  );
}
