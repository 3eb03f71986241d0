import { hostNames, type ProfileVerdict } from '../../../core/findings/trust/trust-verdicts.ts';
import { publicRoots } from '../../../core/wire/tls/public-roots.ts';
import { oneLine } from '../../../reports/markup/plain-text.ts';
import type { TrustReport } from './trust-report.ts';

/** Returns the report of `rehearse trust` for a terminal. */
export function trustText(report: TrustReport): string {
  const { bundle, roots, hello, profiles } = report;
  if (roots.length > 0 && roots.every(({ isOfLab, root }) => isOfLab && root === undefined))
    return `${oneLine(bundle)}: this is the root of a lab, so no host of Azure chains to it; give the trust bundle of the firmware\n`;
  const known = roots.filter(({ root }) => root !== undefined);
  const others = roots.length - known.length;
  const offer =
    hello === undefined
      ? 'no ClientHello given, so only the roots are compared'
      : `ClientHello: ${hello.versions.join(', ')}; ${hello.cipherSuites.length} cipher suites`;
  const lines = [
    `${oneLine(bundle)}: ${roots.length} ${roots.length === 1 ? 'certificate' : 'certificates'}`,
    ...known.map(rootText),
    ...(others === 0
      ? []
      : [`  ${others} ${others === 1 ? 'certificate is not a root' : 'certificates are not roots'} of Azure`]),
    offer,
    ...lineNames.flatMap(([line, title]) => [
      '',
      title,
      ...profiles.filter((one) => one.line === line).flatMap(profileText),
    ]),
    '',
    ...conclusion(report),
  ];
  return `${lines.join('\n')}\n`;
}

const lineNames = [
  ['public', 'Azure, global cloud'],
  ['option', 'Azure, if the owner of the hub chooses these TLS settings'],
  ['sovereign', 'Azure Government and Azure in China'],
  ['possible', 'Azure, TLS settings that are possible in future, no date known'],
] as const;

function rootText({ root, notAfter, isExpired, isOfLab }: TrustReport['roots'][number]): string {
  const name = root === undefined ? '' : publicRoots[root].commonName;
  const end = notAfter.slice(0, 10);
  return `  ${name}, ${isExpired ? `expired on ${end}` : `valid until ${end}`}${isOfLab ? ' (test root that a Rehearsal lab made in place of this root)' : ''}`;
}

function profileText({ profile, from, until, result, hosts, source }: ProfileVerdict): readonly string[] {
  const span = from === undefined ? 'no date' : `${from} to ${until ?? 'today'}`;
  const reasons = hosts
    .filter(({ result: one }) => one !== 'connects')
    .flatMap(({ host, result: one, reasons: why }) =>
      why.map((reason) => `      ${hostNames[host]}${one === 'partly' ? ' (some hosts)' : ''}: ${oneLine(reason)}`),
    );
  const head = `  ${marks[result]} ${profile.padEnd(24)}${span.padEnd(26)}${result}`;
  return reasons.length === 0 ? [head] : [head, ...reasons, `      source: ${source}`];
}

const marks = { connects: '✓', partly: '~', refused: '✗' } as const;

function conclusion({ connectsToday, lostSince, untilAtMost = '', reasons }: TrustReport): readonly string[] {
  if (connectsToday)
    return [`The device connects today. The roots that it needs for this are valid until ${untilAtMost}.`];
  const since =
    lostSince === undefined
      ? 'There is no period in which the device certainly connects to all hosts. The reasons today:'
      : `Since ${lostSince}, it is not certain that the device connects to all hosts:`;
  return [since, ...reasons.map((reason) => `  ${oneLine(reason)}`)];
}
