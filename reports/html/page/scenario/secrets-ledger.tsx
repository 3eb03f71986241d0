import type { Run } from '../../../../core/run/run.ts';
import { useMemo } from 'preact/hooks';
import { flagText } from '../../../sentences/flag-text.ts';
import { counted } from '../format/counted.ts';
import { copyKey, ledgerBefore, type Copy } from './ledger.ts';

/** Shows the copies of secrets that exist before an event, and the change that the event makes. */
export function SecretsLedger({ run, event }: { readonly run: Run; readonly event: number }) {
  const before = useMemo(() => ledgerBefore(run.history, event), [run, event]);
  const happening = run.history[event];
  const changed = happening?.kind === 'secret' ? happening : undefined;
  if (before.length === 0 && changed === undefined) return null;
  const key = changed === undefined ? '' : copyKey(changed);
  const others = before.filter((copy) => copyKey(copy) !== key);
  const flags = flagsOf(run);
  // Copies of the changed secret come first. For a large fleet, the page only counts the other copies.
  const related = changed === undefined ? [] : others.filter(({ secret }) => secret === changed.secret);
  const listed = [...related, ...others.filter((copy) => !related.includes(copy))].slice(0, most);
  return (
    <details class="ledger" open={changed !== undefined}>
      <summary>
        Secrets: {counted(before.length, 'copy', 'copies')} before
        {changed !== undefined && `, ${before.length + (changed.change === 'held' ? 1 : -1)} after`}
      </summary>
      <ul>
        {changed !== undefined && <CopyLine copy={changed} change={changed.change} flag={flags.get(key)} />}
        {listed.map((copy) => (
          <CopyLine key={copyKey(copy)} copy={copy} flag={flags.get(copyKey(copy))} />
        ))}
      </ul>
      {others.length > listed.length && <p class="second">and {others.length - listed.length} more</p>}
    </details>
  );
}

const most = 30;

interface LineSettings {
  readonly copy: Copy;
  readonly change?: 'held' | 'dropped';
  readonly flag: string | undefined;
}

function CopyLine({ copy, change, flag }: LineSettings) {
  const words = { held: 'new', dropped: 'gone' } as const;
  return (
    <li class={change ?? ''}>
      {change !== undefined && <b>{words[change]}: </b>}
      {copy.secret}{' '}
      <span class="second">
        {copy.party.replaceAll('-', ' ')}, {copy.place}
        {copy.sealed === true && ', sealed'}
      </span>
      {flag !== undefined && <span class="mark">{flag}</span>}
    </li>
  );
}

/** Returns, for each copy with a flag such as `stolen`, the text of the flag, by the key of the copy. */
function flagsOf({ secrets }: Run): ReadonlyMap<string, string> {
  return new Map(
    secrets.flatMap((holding) =>
      holding.flag === undefined ? [] : [[copyKey(holding), flagText(holding.flag, holding.party)]],
    ),
  );
}
