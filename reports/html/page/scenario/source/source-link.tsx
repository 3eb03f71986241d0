import type { PageIndex } from '../../../page-data.ts';

interface Settings {
  readonly index: PageIndex;
  readonly file: string;
  /** Line number, from 1. */
  readonly line?: number;
  /** Default: the name of the file, with the line if there is one. */
  readonly text?: string;
}

/** A position in a scenario file, as a link if the file is at a known path relative to the report. */
export function SourceLink({ index, file, line, text }: Settings) {
  // If there is a line number, the heading of the page already shows the folder, so the link shows only the file name.
  const place = text ?? (line === undefined ? file : `${file.split('/').at(-1)}:${line}`);
  const isBeside = index.sourceBase !== '' && !/^([\\/]|[a-z]+:|\.\.)/i.test(file);
  if (!isBeside)
    return (
      <span class="place" title={file}>
        {place}
      </span>
    );
  const path = file.split('/').map(encodeURIComponent).join('/');
  return (
    <a class="place" title={file} href={`${index.sourceBase}${path}${line === undefined ? '' : `#L${line}`}`}>
      {place}
    </a>
  );
}
