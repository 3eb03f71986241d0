import type { ClientCapability, StatementResult } from '../../../core/conformance/conformance-result.ts';
import { defined } from '../../../core/defined.ts';
import type { Statement } from '../statements/statement.ts';
import { eventText } from './event-text.ts';
import type { Finding } from './finding.ts';
import type { WorldRecord } from './world-record.ts';

/**
 * Judges a statement by the records of its worlds. If one record shows a deviation, the statement fails, whatever the other records show.
 */
export function judgeStatement(
  statement: Statement,
  records: readonly WorldRecord[],
  without: readonly ClientCapability[],
): StatementResult {
  const { id, group, level, source } = statement;
  const head = { id, group, level, statement: statement.statement, source };
  const lacking = (statement.needs ?? []).filter((need) => without.includes(need));
  if (lacking.length > 0)
    return {
      ...head,
      verdict: 'skipped',
      actual: `the client lacks the capability: ${lacking.join(', ')}`,
      evidence: [],
    };
  const found = records
    .filter(({ world }) => statement.worlds.includes(world))
    .map((record) => ({ world: record.world, finding: statement.judge(record) }));
  const best =
    found.find(({ finding }) => finding.kind === 'fail') ??
    found.find(({ finding }) => finding.kind === 'pass') ??
    found[0];
  if (best === undefined) {
    const actual =
      statement.worlds.length === 0
        ? 'no lab setup tests this statement yet'
        : 'no lab setup that tests this statement was run';
    return { ...head, verdict: 'not exercised', actual, evidence: [] };
  }
  const { finding, world } = best;
  return {
    ...head,
    verdict: finding.kind === 'fail' && statement.isInformative === true ? 'informative' : finding.kind,
    ...defined({ expected: finding.kind === 'fail' ? finding.expected : undefined }),
    actual: finding.actual,
    world,
    evidence: evidenceOf(finding),
  };
}

function evidenceOf(finding: Finding): readonly string[] {
  return finding.kind === 'not exercised' ? [] : finding.events.slice(0, evidenceLimit).map(eventText);
}

const evidenceLimit = 12;
