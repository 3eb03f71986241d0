interface Settings {
  readonly file: string;
  /** What the file said when it was played. */
  readonly text: string | undefined;
  /** From 1. */
  readonly line: number;
  readonly open?: boolean;
}

/** The lines of the scenario around a place, where the run has its text. */
export function SourceFrame({ file, text, line, open = false }: Settings) {
  return (
    <details class="source-frame" open={open && text !== undefined}>
      <summary>what the file says</summary>
      {text === undefined ? (
        <p class="second">The report has no text of {file}.</p>
      ) : (
        <pre tabIndex={0}>
          {linesAround(text, line).map(({ number, content }) => (
            <span key={number} class={number === line ? 'line here' : 'line'}>
              <span class="number">{number}</span>
              {content}
              {'\n'}
            </span>
          ))}
        </pre>
      )}
    </details>
  );
}

/** From the line in which the entry of the list begins to a few behind the place. */
function linesAround(text: string, line: number): readonly { readonly number: number; readonly content: string }[] {
  const lines = text.split(/\r?\n/);
  let first = line;
  while (first > Math.max(1, line - 12) && !/^\s*- /.test(lines[first - 1] ?? '')) first--;
  return lines.slice(first - 1, line + 2).map((content, index) => ({ number: first + index, content }));
}
