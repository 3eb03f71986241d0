import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import { join } from 'node:path';

const page = join(import.meta.dirname, '..', '..', 'docs', 'reliability.md');

/** Writes the lines of one kind of run into docs/reliability.md, between the two marks of this kind, with the commit and the machine. */
export function writeFigures(kind: string, lines: readonly string[]): void {
  const [start, end] = [`<!-- ${kind}: written by npm run ${kind} -->`, `<!-- ${kind}: end -->`];
  const text = readFileSync(page, 'utf8');
  const [from, to] = [text.indexOf(start), text.indexOf(end)];
  if (from < 0 || to < from) throw new Error(`docs/reliability.md has no place for the figures of ${kind}`);
  const body = [`${commit()}, ${machine()}.`, '', ...lines].join('\n');
  writeFileSync(page, `${text.slice(0, from + start.length)}\n\n${body}\n\n${text.slice(to)}`);
}

function commit(): string {
  const git = (...words: string[]): string => execFileSync('git', words, { encoding: 'utf8' }).trim();
  const isChanged = git('status', '--porcelain', '--', 'core', 'mocks', 'sim', 'reports', 'cli') !== '';
  return `Commit ${git('rev-parse', '--short=8', 'HEAD')}${isChanged ? ' with changes' : ''}`;
}

/** Describes the machine by processor, memory and Node version, without its name. */
function machine(): string {
  const all = cpus();
  const model = all[0]?.model ?? 'unknown processor';
  return `${all.length} × ${model}, ${Math.round(totalmem() / 1024 ** 3)} GB, ${process.platform}, Node ${process.version}`;
}
