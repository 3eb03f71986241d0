/** Examples of each command, by its words after `rehearse`. */
const examples: Readonly<Record<string, readonly string[]>> = {
  run: [
    'rehearse run scenarios --grep @x509',
    'rehearse run --last-failed',
    'rehearse run scenarios --reporter files,junit:out.xml',
    'rehearse run scenarios --baseline rehearsal-baseline.json',
    'rehearse run scenarios --open on-failure',
  ],
  matrix: ['rehearse matrix --attestation shared-key,individual-key --key-store file --factory connected'],
  serve: ['rehearse serve', 'rehearse serve lab.yaml --state lab.json --tpm sensor-1'],
  studio: ['rehearse studio scenarios'],
  explain: ['rehearse explain first-scenario.yaml', "rehearse explain 'first-scenario#validity-p90d'"],
  'show-report': ['rehearse show-report', 'rehearse show-report part-1 --port 8080'],
  report: [
    'rehearse report rehearsal-report --as markdown',
    'rehearse report new --as html --against old > changes.html',
  ],
  merge: ['rehearse merge part-1 part-2 --reporter github --baseline rehearsal-baseline.json'],
  compare: ['rehearse compare rehearsal-baseline.json rehearsal-report --as markdown'],
  check: ['rehearse check scenarios'],
  list: ['rehearse list steps', 'rehearse list scenarios'],
  init: ['rehearse init scenarios/first.yaml'],
  schema: ['rehearse schema results'],
  completion: [
    'rehearse completion bash > ~/.rehearse.bash   # then in ~/.bashrc: source ~/.rehearse.bash',
    'rehearse completion zsh > "${fpath[1]}/_rehearse"',
    'rehearse completion fish > ~/.config/fish/conf.d/rehearse.fish',
  ],
  complete: ['rehearse complete -- explain first-scenario#'],
  doctor: ['rehearse doctor', 'rehearse doctor --json'],
  audit: ['rehearse audit verify audit-line.jsonl --key line.pem'],
};

const meanings = {
  0: 'every result is as expected',
  1: 'an expectation failed, a result differs in a repeat, or an audit trail was changed',
  2: 'a mistake in arguments or files',
  3: 'an inconclusive result: a missing program, a crash, an interrupted run',
  4: 'a regression from the baseline',
} as const;

/** The exit codes of commands with a verdict. */
const verdictCodes: Readonly<Record<string, readonly (keyof typeof meanings)[]>> = {
  run: [0, 1, 2, 3, 4],
  matrix: [0, 1, 2, 3],
  report: [0, 1, 2, 3, 4],
  merge: [0, 1, 2, 3, 4],
  explain: [0, 1, 2, 3],
  compare: [0, 2, 3, 4],
  audit: [0, 1, 2, 3],
  doctor: [0, 1, 2, 3],
};

/** The commands for which CI decides what a missing program means. */
const runners = new Set(['run', 'matrix']);
const reporters = new Set(['run', 'report', 'merge']);

/** Returns the end of the help of a command: examples, exit codes, environment variables and the page of the documentation. */
export function helpText(command: string): string {
  const codes = verdictCodes[command]?.map((code) => `  ${code}  ${meanings[code]}`);
  return [
    '',
    'Examples:',
    ...(examples[command] ?? []).map((line) => `  ${line}`),
    '',
    'Exit codes:',
    ...(codes ?? ['  0  success', `  2  ${meanings[2]}`, '  3  a fault of the environment']),
    '',
    'Environment:',
    '  NO_COLOR, FORCE_COLOR  output without or with colours',
    ...(runners.has(command)
      ? ['  CI                     skip a scenario if a program is missing; do not use a model']
      : []),
    ...(reporters.has(command)
      ? ['  GITHUB_STEP_SUMMARY    file for the job summary of --reporter or --as github']
      : []),
    '',
    `Documentation: ${pages[command] ?? 'docs/commands.md'} in the package`,
  ].join('\n');
}

const pages: Readonly<Record<string, string>> = {
  serve: 'docs/serve.md',
  studio: 'docs/training.md',
  compare: 'docs/ci.md',
  merge: 'docs/ci.md',
};
