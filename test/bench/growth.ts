import { loadText } from '../../cli/files/load-files.ts';

const head = 'title: T\ndevices: { it: { attestation: symmetricKey } }\n';
const step = '  - power-on: it\n    expect: { refused: enrollment-exists }\n';

/** Makes scenario files of any size, each with many entries of one kind. */
const files: Readonly<Record<string, (count: number) => string>> = {
  goodSteps: (count) => `${head}timeline:\n${step.repeat(count)}`,
  unknownSteps: (count) => `${head}timeline:\n${'  - foo-bar: it\n'.repeat(count)}`,
  unknownNames: (count) => `${head}timeline:\n${step.replace(': it', ': itt').repeat(count)}`,
  unknownWords: (count) => `${head}${lines(count, (at) => `word${at}: 1`)}timeline:\n${step}`,
  stations: (count) => `${head}stations:\n${lines(count, (at) => `  s${at}: { clockDrift: 1 }`)}timeline:\n${step}`,
  devices: (count) =>
    `title: T\ndevices:\n${lines(count, (at) => `  d${at}: { attestation: symmetricKey }`)}timeline:\n${step.replace(': it', ': d0')}`,
  brackets: (count) => '['.repeat(count * 10),
};

function lines(count: number, line: (at: number) => string): string {
  return Array.from({ length: count }, (_, at) => `${line(at)}\n`).join('');
}

/**
 * Returns how many times more processor time the loader needs if a file is four times as large. The factor is 4 for linear work and 16 for
 * quadratic work.
 */
export function loaderGrowth(): Readonly<Record<string, number>> {
  const growth: Record<string, number> = {};
  for (const [name, file] of Object.entries(files)) {
    loadText('warm-up.yaml', file(500));
    const [small = 0, large = 0] = [2000, 8000].map((count) => cpuMs(() => loadText('growth.yaml', file(count))));
    growth[name] = Math.round((large / Math.max(1, small)) * 10) / 10;
  }
  return growth;
}

function cpuMs(work: () => void): number {
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}
