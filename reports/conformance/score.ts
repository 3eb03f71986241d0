import {
  statementGroups,
  type ConformanceReport,
  type StatementGroup,
  type StatementResult,
} from '../../core/conformance/conformance-result.ts';

/** The score of a group of conformance statements, or of all of them. */
export interface Score {
  readonly passed: number;
  /** Number of statements that count: those that passed or failed. */
  readonly counted: number;
  readonly failedMust: number;
  readonly failedShould: number;
  readonly informative: number;
  readonly notExercised: number;
  readonly skipped: number;
}

export function scoreOf(results: readonly StatementResult[]): Score {
  const count = (isMeant: (result: StatementResult) => boolean): number => results.filter(isMeant).length;
  const passed = count(({ verdict }) => verdict === 'pass');
  const failedMust = count(({ verdict, level }) => verdict === 'fail' && level === 'must');
  const failedShould = count(({ verdict, level }) => verdict === 'fail' && level === 'should');
  return {
    passed,
    counted: passed + failedMust + failedShould,
    failedMust,
    failedShould,
    informative: count(({ verdict }) => verdict === 'informative'),
    notExercised: count(({ verdict }) => verdict === 'not exercised'),
    skipped: count(({ verdict }) => verdict === 'skipped'),
  };
}

/** Returns the groups that have statements, each with its results and its score. */
export function groupsOf({ results }: Pick<ConformanceReport, 'results'>): readonly {
  readonly group: StatementGroup;
  readonly title: string;
  readonly results: readonly StatementResult[];
  readonly score: Score;
}[] {
  return (Object.keys(statementGroups) as StatementGroup[]).flatMap((group) => {
    const own = results.filter((result) => result.group === group);
    return own.length === 0 ? [] : [{ group, title: statementGroups[group], results: own, score: scoreOf(own) }];
  });
}
