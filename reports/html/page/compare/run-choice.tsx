import type { PageIndex } from '../../page-data.ts';

interface Settings {
  readonly name: string;
  readonly index: PageIndex;
  readonly id: string;
  /** ID of the scenario on the other side. The variants of its file are listed first. */
  readonly near: string;
  readonly onChoose: (id: string) => void;
}

/** Chooses the scenario of one side. */
export function RunChoice({ name, index, id, near, onChoose }: Settings) {
  const file = index.entries.find((entry) => entry.id === near)?.file;
  const siblings = index.entries.filter((entry) => entry.file === file);
  const others = index.entries.filter((entry) => entry.file !== file);
  const isKnown = [...index.entries, ...index.earlier].some((entry) => entry.id === id);
  return (
    <label class="choice">
      <span>{name}</span>
      <select value={isKnown ? id : ''} onChange={(event) => onChoose(event.currentTarget.value)}>
        {!isKnown && <option value="">Choose …</option>}
        {siblings.length > 0 && <optgroup label="Variants of the same file">{siblings.map(optionOf)}</optgroup>}
        <optgroup label="Other scenarios">{others.map(optionOf)}</optgroup>
        {index.earlier.length > 0 && <optgroup label="The earlier run">{index.earlier.map(optionOf)}</optgroup>}
      </select>
    </label>
  );
}

function optionOf({ id, title, variant }: PageIndex['entries'][number]) {
  return (
    <option key={id} value={id}>
      {title.includes(variant) ? title : `${title} (${variant})`}
    </option>
  );
}
