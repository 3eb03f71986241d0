import type { Paint } from '../../reports/markup/paint.ts';
import { counted } from '../../reports/markup/counted.ts';
import { oneLine } from '../../reports/markup/plain-text.ts';
import type { Diagnosis } from './diagnosis.ts';
import { type PartState, type PartUse, uses } from './part.ts';

const headings: Readonly<Record<PartUse, string>> = {
  run: 'Needed for every run',
  'key-store': 'Real key stores',
  program: 'Programs as devices (docs/firmware.md)',
  serve: 'For `rehearse serve`',
  test: 'For the tests of a clone (`npm test`)',
};

/**
 * Describes a diagnosis: the parts, grouped by use, the consequence of each missing part, and the commands that install the missing parts.
 */
export function doctorText({ ok, rehearsal, platform, parts }: Diagnosis, paint: Paint): string {
  const width = Math.max(...parts.map(({ id }) => id.length));
  const groups = uses.flatMap((use) => {
    const rows = parts.filter((part) => part.use === use);
    return rows.length === 0
      ? []
      : [paint('bold', headings[use]), ...rows.flatMap((part) => lines(part, width, paint)), ''];
  });
  const missing = parts.filter(({ isPresent }) => !isPresent);
  const sum = missing.length === 0 ? 'Nothing is missing.' : `${counted(missing.length, 'part')} missing.`;
  const verdict = ok
    ? paint('green', 'The lab can run.')
    : paint('red', 'A part that `rehearse run` needs is missing.');
  return [
    `Rehearsal ${rehearsal} on ${platform}`,
    '',
    ...groups,
    `${sum} ${verdict}`,
    ...remedies(missing, parts),
    ...(platform.startsWith('linux') ? [] : [elsewhere]),
    '',
  ].join('\n');
}

/** The advice for systems other than Linux, as in docs/start.md. */
const elsewhere =
  'Rehearsal is tested on Linux only: on Windows use WSL 2 with Debian, and on macOS a container, with the commands for Debian.';

function lines({ id, isPresent, isNeeded, detail, cost }: PartState, width: number, paint: Paint): readonly string[] {
  const mark = isPresent ? paint('green', '✓') : paint(isNeeded ? 'red' : 'yellow', '✗');
  const first = `  ${mark} ${id.padEnd(width)}  ${oneLine(detail)}`;
  return isPresent ? [first] : [first, `    ${' '.repeat(width)}  cost: ${cost}`];
}

/**
 * Returns the commands that install the missing parts. The command for a new container installs all parts that a run needs, because the
 * container has none.
 */
function remedies(missing: readonly PartState[], all: readonly PartState[]): readonly string[] {
  const debian = [...new Set(missing.flatMap((part) => part.debian ?? []))];
  const brew = [...new Set(missing.flatMap((part) => part.brew ?? []))];
  const inContainer = all.filter(({ use, id }) => (use === 'run' || use === 'key-store') && id !== 'node');
  const packages = inContainer.flatMap((part) => part.debian ?? []);
  const others = [...new Set(missing.flatMap(({ remedy }) => remedy ?? []))];
  return [
    ...(debian.length === 0
      ? []
      : [
          `  Debian     sudo apt-get install -y ${debian.join(' ')}`,
          `  container  docker run --rm -it -v "$PWD:/work" -w /work node:22-bookworm sh -c 'apt-get update && apt-get install -y ${packages.join(' ')} && exec bash'`,
        ]),
    ...(brew.length === 0 ? [] : [`  macOS      brew install ${brew.join(' ')}`]),
    ...others.map((sentence) => `  other      ${oneLine(sentence)}`),
  ];
}
