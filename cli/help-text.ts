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
  cert: [
    'rehearse cert camera-1 certs/camera-1 --state lab.state',
    'rehearse cert camera-1 out --pki pki --ca factory-ca',
  ],
  studio: ['rehearse studio scenarios'],
  conform: [
    'rehearse conform -- ./meter',
    'rehearse conform --without tpm,csr,renewal --reporter json:meter.json,html:meter.html -- node meter.mjs',
    'rehearse conform --only P1,Q5,throttling --cases meter.yaml',
    'rehearse conform --baseline meter.json --badge meter.svg --cases meter.yaml',
  ],
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
  trust: [
    'rehearse trust roots.pem',
    'rehearse trust /etc/ssl/certs/ca-certificates.crt --hello hello.hex',
    'rehearse trust roots.pem --hello run.json --json',
  ],
  audit: ['rehearse audit verify audit-line.jsonl --key line.pem'],
};

/** Meanings of exit codes that are the same for all commands. */
const mistake = 'a mistake in arguments or files';
const fault = 'a fault of the environment, such as a full disk';
const verdicts = {
  0: 'every result is as expected',
  1: 'an expectation failed',
  2: mistake,
  3: 'an inconclusive result: a missing program, a crash, an interrupted run',
} as const;
const regression = 'a regression: a result is worse than in the baseline';
const untilSignal = { 0: 'ended by Ctrl-C or SIGTERM', 2: mistake, 3: 'the port is in use, or a program is missing' };

type Codes = Readonly<Record<number, string>>;

/** Exit codes of the commands that use further codes, in addition to the codes for success, mistake and fault. */
const codesOf: Readonly<Record<string, Codes>> = {
  run: {
    ...verdicts,
    1: 'an expectation failed, a result differs with --repeat, or no scenario detects the check of --sabotage',
    4: regression,
    129: 'ended by SIGHUP; 130 by Ctrl-C, 143 by SIGTERM',
  },
  matrix: { ...verdicts, 129: 'ended by SIGHUP; 130 by Ctrl-C, 143 by SIGTERM' },
  explain: verdicts,
  report: { ...verdicts, 0: 'every result of the recorded run is as expected', 4: regression },
  merge: { ...verdicts, 4: regression },
  compare: { 0: 'no regression', 2: mistake, 3: fault, 4: regression },
  check: { 0: 'no file has a mistake', 2: 'a file or an argument has a mistake', 3: fault },
  audit: { 0: 'the audit trail is unchanged', 1: 'the audit trail was changed', 2: mistake, 3: fault },
  trust: {
    0: 'the device connects to the services of today',
    1: 'the device does not connect to them',
    2: mistake,
    3: fault,
  },
  conform: {
    0: 'no statement failed; with --baseline: no result is worse than in the baseline',
    1: 'a statement failed',
    2: mistake,
    3: 'no statement has a verdict, or a fault of the environment',
    4: regression,
    129: 'ended by SIGHUP; 130 by Ctrl-C, 143 by SIGTERM',
  },
  doctor: { 0: 'the lab can run', 1: 'a part that `rehearse run` needs is missing', 2: mistake, 3: fault },
  serve: untilSignal,
  studio: untilSignal,
  'show-report': {
    0: 'the report was opened, its address was printed, or Ctrl-C ended the server',
    2: 'there is no report',
    3: 'the port is in use',
  },
};

interface Variable {
  readonly names: string;
  readonly meaning: string;
  /** Commands that read the variable. Default: all commands. */
  readonly commands?: readonly string[];
}

const comparing = ['run', 'report', 'merge'];

/** The environment variables that users set, or that CI services set. */
const variables: readonly Variable[] = [
  { names: 'NO_COLOR, FORCE_COLOR', meaning: 'output without or with colours' },
  {
    names: 'CI',
    meaning: 'skip a scenario if a program is missing; do not use a software model; open no browser',
    commands: ['run'],
  },
  {
    names: 'CI',
    meaning: 'skip a scenario if a program is missing; do not use a software model',
    commands: ['matrix'],
  },
  {
    names: 'CI',
    meaning: 'report a missing part as needed even if a software model can replace it',
    commands: ['doctor'],
  },
  {
    names: 'CI, DISPLAY, SSH_TTY',
    meaning: 'open no browser in CI and in sessions without a display',
    commands: ['show-report'],
  },
  {
    names: 'GITHUB_STEP_SUMMARY',
    meaning: 'file for the job summary of --reporter or --as github',
    commands: comparing,
  },
  {
    names: 'GITHUB_SERVER_URL, GITHUB_REPOSITORY, GITHUB_RUN_ID, GITHUB_SHA, GITHUB_WORKSPACE',
    meaning: 'links of annotations and comments',
    commands: comparing,
  },
  {
    names: 'TMPDIR',
    meaning: 'folder for the states of TPMs and for sockets',
    commands: ['run', 'matrix', 'explain', 'serve', 'studio', 'doctor'],
  },
  { names: 'XDG_CACHE_HOME', meaning: 'folder for the bundle (the built program) if the installation is read-only' },
];

/** Returns the last part of the help text of a command: examples, exit codes, environment variables and the page of the documentation. */
export function helpText(command: string): string {
  const codes: Codes = codesOf[command] ?? { 0: 'success', 2: mistake, 3: fault };
  const codeWidth = Math.max(...Object.keys(codes).map((code) => code.length));
  const own = variables.filter(({ commands }) => commands === undefined || commands.includes(command));
  return [
    '',
    'Examples:',
    ...(examples[command] ?? []).map((line) => `  ${line}`),
    '',
    'Exit codes:',
    ...Object.entries(codes).map(([code, meaning]) => `  ${code.padEnd(codeWidth)}  ${meaning}`),
    '',
    'Environment:',
    ...own.flatMap(({ names, meaning }) =>
      names.length > 24 ? [`  ${names}`, `  ${' '.repeat(24)}${meaning}`] : [`  ${names.padEnd(24)}${meaning}`],
    ),
    '',
    `Documentation: ${pages[command] ?? 'docs/commands.md'} in the package`,
  ].join('\n');
}

const pages: Readonly<Record<string, string>> = {
  conform: 'docs/conformance.md',
  trust: 'docs/firmware.md',
  serve: 'docs/serve.md',
  cert: 'docs/serve.md',
  studio: 'docs/training.md',
  compare: 'docs/ci.md',
  merge: 'docs/ci.md',
};
