import { useId, useState } from 'preact/hooks';
import { LessonList } from '../lessons/lesson-list.tsx';
import type { StudioFile, StudioFiles } from '../../studio-api.ts';

interface Settings {
  readonly files: StudioFiles | undefined;
  readonly onChoose: (file: string) => void;
}

/** The list of scenario files. */
export function Choose({ files, onChoose }: Settings) {
  const [filter, setFilter] = useState<Filter>(everything);
  if (files === undefined) return <p class="empty">Opening …</p>;
  const found = files.files.filter((file) => matches(file, filter));
  const first = filter === everything && files.files.length > 3 ? beginWith(files.files) : undefined;
  return (
    <section class="choose" aria-labelledby="choose">
      <h1 id="choose">Choose a lesson or a scenario</h1>
      <LessonList text={filter.text} />
      <h2>Scenarios</h2>
      <Filters
        files={files.files}
        count={found.length}
        filter={filter}
        onFilter={setFilter}
        onFirst={() => found[0] !== undefined && onChoose(found[0].file)}
      />
      {first !== undefined && (
        <section class="first-choice" aria-labelledby="first-choice">
          <h2 id="first-choice">Start here</h2>
          <FileCard file={first} onChoose={onChoose} />
        </section>
      )}
      <ul class="cards">
        {found
          .filter((file) => file !== first)
          .map((file) => (
            <li key={file.file}>
              <FileCard file={file} onChoose={onChoose} />
            </li>
          ))}
      </ul>
      {found.length === 0 && (
        <p class="empty">
          No scenarios match.{' '}
          <button type="button" class="link" onClick={() => setFilter(everything)}>
            Show everything
          </button>
        </p>
      )}
    </section>
  );
}

interface FiltersSettings {
  readonly files: readonly StudioFile[];
  /** Number of files that match the filter. */
  readonly count: number;
  readonly filter: Filter;
  readonly onFilter: (filter: Filter) => void;
  /** Called when the user presses Enter to open the first matching file. */
  readonly onFirst: () => void;
}

function Filters({ files, count, filter, onFilter, onFirst }: FiltersSettings) {
  const keys = useId();
  return (
    <form
      class="choose-filters"
      role="search"
      onSubmit={(event) => {
        event.preventDefault();
        onFirst();
      }}
    >
      <label>
        <span>Search</span>
        <input
          type="search"
          value={filter.text}
          placeholder="title, story or file"
          aria-describedby={keys}
          onInput={(event) => onFilter({ ...filter, text: event.currentTarget.value })}
        />
      </label>
      <label>
        <span>Show</span>
        <select value={filter.kind} onChange={(event) => onFilter({ ...filter, kind: event.currentTarget.value })}>
          <option value="all">everything</option>
          <option value="attack">attacks only</option>
          <option value="other">no attacks</option>
        </select>
      </label>
      <label>
        <span>Tag</span>
        <select value={filter.tag} onChange={(event) => onFilter({ ...filter, tag: event.currentTarget.value })}>
          <option value="">any</option>
          {tagsIn(files).map(([tag, many]) => (
            <option key={tag} value={tag}>
              {tag} ({many})
            </option>
          ))}
        </select>
      </label>
      <p class="second">
        <span role="status">
          {count} of {files.length} files
        </span>
        <span class="unseen" id={keys}>
          Enter opens the first file.
        </span>
      </p>
    </form>
  );
}

function FileCard({ file, onChoose }: { readonly file: StudioFile; readonly onChoose: Settings['onChoose'] }) {
  const { story, scenarios, mistakes } = file;
  return (
    <article class="card">
      <h3>
        <button type="button" class="link" onClick={() => onChoose(file.file)}>
          {file.title}
        </button>
      </h3>
      {story !== undefined && <p class="card-story">{story}</p>}
      <p class="second">
        <code>{file.file}</code>
        {file.attack !== undefined && <span class="mark">attack</span>}
        {mistakes > 0 && <span class="mark">{mistakes === 1 ? 'a mistake' : `${mistakes} mistakes`}</span>}
        {scenarios.length > 1 && <span> · {scenarios.length} variants</span>}
      </p>
    </article>
  );
}

interface Filter {
  readonly text: string;
  readonly kind: string;
  /** The chosen tag; empty if the filter accepts every tag. */
  readonly tag: string;
}

const everything: Filter = { text: '', kind: 'all', tag: '' };

function matches({ title, story = '', file, tags, attack }: StudioFile, { text, kind, tag }: Filter): boolean {
  if (kind === 'attack' && attack === undefined) return false;
  if (kind === 'other' && attack !== undefined) return false;
  if (tag !== '' && !tags.includes(tag)) return false;
  const searched = [title, story, file, ...tags.map((one) => `#${one}`)].join(' ').toLowerCase();
  return text
    .toLowerCase()
    .split(/\s+/)
    .every((word) => searched.includes(word));
}

/** Returns the tags in alphabetical order, each with its number of files. */
function tagsIn(files: readonly StudioFile[]): readonly (readonly [string, number])[] {
  const counts = new Map<string, number>();
  for (const tag of files.flatMap(({ tags }) => tags)) counts.set(tag, (counts.get(tag) ?? 0) + 1);
  return [...counts].toSorted(([one], [other]) => one.localeCompare(other));
}

/**
 * Returns the scenario of the first lesson (docs/training.md) if the list has it. Otherwise returns an attack scenario with one variant in
 * which the attack succeeds and one in which it fails.
 */
function beginWith(files: readonly StudioFile[]): StudioFile | undefined {
  return (
    files.find(({ file }) => file.endsWith('attacks/stolen-keys/shared-key-leaks.yaml')) ??
    files.find(
      ({ attack, teaches, scenarios }) =>
        attack !== undefined &&
        teaches !== undefined &&
        scenarios.length === 2 &&
        new Set(scenarios.map(({ shows }) => shows)).size === 2,
    )
  );
}
