import { frameLines } from '../timeline/frame-lines.ts';

interface Settings {
  readonly file: string;
  /** Text of the file at the time of the run. */
  readonly text: string | undefined;
  /** First line of the step, from 1; undefined if unknown. */
  readonly step: number | undefined;
  /** Line of the expectation, from 1. */
  readonly line: number;
  readonly open?: boolean;
}

/** Shows the lines of a step and of its expectation, if the run has the text. */
export function SourceFrame({ file, text, step, line, open = false }: Settings) {
  return (
    <details class="source-frame" open={open && text !== undefined}>
      <summary>scenario file</summary>
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
