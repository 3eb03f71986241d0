import { useState } from 'preact/hooks';
import type { StudioFile, StudioFiles } from '../studio-api.ts';

interface Settings {
  readonly files: StudioFiles | undefined;
  readonly onChoose: (file: string) => void;
}

/** Every scenario file that the studio was opened with. */
export function Choose({ files, onChoose }: Settings) {
  const [text, setText] = useState('');
  const [kind, setKind] = useState('all');
  if (files === undefined) return <p class="empty">Opening …</p>;
  const found = files.files.filter((file) => matches(file, text, kind));
  return (
    <section class="choose" aria-labelledby="choose">
      <h1 id="choose">What shall be rehearsed?</h1>
      <div class="choose-filters">
        <label>
          <span>Search</span>
          <input
            type="search"
            value={text}
            placeholder="title, story, file, tag"
            onInput={(event) => setText(event.currentTarget.value)}
          />
        </label>
        <label>
          <span>Show</span>
          <select value={kind} onChange={(event) => setKind(event.currentTarget.value)}>
            <option value="all">everything</option>
            <option value="attack">attacks only</option>
            <option value="other">all but attacks</option>
          </select>
        </label>
        <p class="second" role="status">
          {found.length} of {files.files.length} files
        </p>
      </div>
      <ul class="cards">
        {found.map((file) => (
          <FileCard key={file.file} file={file} onChoose={onChoose} />
        ))}
      </ul>
      {found.length === 0 && <p class="empty">Nothing has these words.</p>}
    </section>
  );
}

function FileCard({ file, onChoose }: { readonly file: StudioFile; readonly onChoose: Settings['onChoose'] }) {
  const { story, scenarios, mistakes } = file;
  return (
    <li class="card">
      <h2>
        <button type="button" class="link" onClick={() => onChoose(file.file)}>
          {file.title}
        </button>
      </h2>
      {story !== undefined && <p class="card-story">{story}</p>}
      <p class="second">
        <code>{file.file}</code>
        {file.attack !== undefined && <span class="mark">attack</span>}
        {mistakes > 0 && <span class="mark">{mistakes === 1 ? 'a mistake' : `${mistakes} mistakes`}</span>}
        {scenarios.length > 1 && ` · ${scenarios.length} variants`}
      </p>
    </li>
  );
}

function matches({ title, story = '', file, tags, attack }: StudioFile, text: string, kind: string): boolean {
  if (kind === 'attack' && attack === undefined) return false;
  if (kind === 'other' && attack !== undefined) return false;
  const searched = [title, story, file, ...tags.map((tag) => `#${tag}`)].join(' ').toLowerCase();
  return text
    .toLowerCase()
    .split(/\s+/)
    .every((word) => searched.includes(word));
}
