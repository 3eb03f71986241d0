import { casOf, failedStep, passedStep, type PathRule } from './path-rule.ts';

/** RFC 5280 6.1.4 (l) and (m): no CA has more CAs below it than its path length. Self-issued CAs and the leaf do not count. */
export const pathLength: PathRule = (judged) => {
  let below = 0;
  for (const [depth, ca] of casOf(judged)) {
    const allowed = ca.basicConstraints?.pathLength;
    if (allowed !== undefined && below > allowed) {
      return [failedStep('path-length', depth, `at most ${allowed} CAs below ${ca.subject}`, `${below}`)];
    }
    if (!ca.selfIssued) below++;
  }
  return [
    passedStep(
      'path-length',
      judged,
      'no CA has more CAs below it than its path length allows',
      `${judged.path.length - 1} CAs`,
    ),
  ];
};
