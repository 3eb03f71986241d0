interface Settings {
  readonly isOpen: boolean;
  readonly onChange: (isOpen: boolean) => void;
}

/** The choice whether the audience sees decisions as they happen, or only after the presenter reveals the result. */
export function AudienceSwitch({ isOpen, onChange }: Settings) {
  return (
    <label class="check">
      <input type="checkbox" checked={isOpen} onChange={(event) => onChange(event.currentTarget.checked)} /> The
      audience sees decisions as they happen
    </label>
  );
}
