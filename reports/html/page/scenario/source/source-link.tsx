import type { PageIndex } from '../../../page-data.ts';

interface Settings {
  readonly index: PageIndex;
  readonly file: string;
  /** From 1. */
  readonly line?: number;
}

/** A place in a scenario file, and a way to it where it lies in a known place beside the report. */
export function SourceLink({ index, file, line }: Settings) {
  // Beside a line the folder is known already.
  const place = line === undefined ? file : `${file.split('/').at(-1)}:${line}`;
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
