import { frameLines } from '../timeline/frame-lines.ts';

interface Settings {
  readonly file: string;
  /** What the file said when it was played. */
  readonly text: string | undefined;
  /** Line in which the step begins, from 1, where it is known. */
  readonly step: number | undefined;
  /** Line of what was expected, from 1. */
  readonly line: number;
  readonly open?: boolean;
}

/** The lines of a step and of what was expected of it, where the run has its text. */
export function SourceFrame({ file, text, step, line, open = false }: Settings) {
  return (
    <details class="source-frame" open={open && text !== undefined}>
      <summary>what the file says</summary>
      {text === undefined ? (
        <p class="second">The report has no text of {file}.</p>
      ) : (
        <pre tabIndex={0}>
          {frameLines(text, step, line).map(({ number, content, isAfterGap }) => (
            <span key={number} class={`line${number === line ? ' here' : ''}${isAfterGap ? ' after-gap' : ''}`}>
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
