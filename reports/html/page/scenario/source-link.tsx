import type { PageIndex } from '../../page-data.ts';

interface Settings {
  readonly index: PageIndex;
  readonly file: string;
  /** From 1. */
  readonly line?: number;
}

/** A place in a scenario file, and a way to it where it lies in a known place beside the report. */
export function SourceLink({ index, file, line }: Settings) {
  const place = line === undefined ? file : `${file}:${line}`;
  const isBeside = index.sourceBase !== '' && !/^([\\/]|[a-z]+:|\.\.)/i.test(file);
  if (!isBeside) return <span class="place">{place}</span>;
  const path = file.split('/').map(encodeURIComponent).join('/');
  return (
    <a class="place" href={`${index.sourceBase}${path}${line === undefined ? '' : `#L${line}`}`}>
      {place}
    </a>
  );
}
