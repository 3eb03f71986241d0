import { expect, test } from 'vitest';
import { linksOf } from '../../../cli/report/ci/links-of.ts';

const github = {
  GITHUB_SERVER_URL: 'https://github.example',
  GITHUB_REPOSITORY: 'octo-org/meter',
  GITHUB_RUN_ID: '77',
  GITHUB_SHA: 'c0ffee',
  GITHUB_WORKSPACE: process.cwd(),
};

test('outside GitHub Actions, a report without --report-url has no links', () => {
  expect(linksOf(undefined, {})).toBeUndefined();
  expect(linksOf(undefined, { GITHUB_SERVER_URL: '', GITHUB_REPOSITORY: '', GITHUB_RUN_ID: '' })).toBeUndefined();
});

test('in GitHub Actions, links of a report lead to the workflow run, the commit and lines of files', () => {
  const links = linksOf(undefined, github);
  expect(links).toMatchObject({
    report: 'https://github.example/octo-org/meter/actions/runs/77',
    commit: 'c0ffee',
  });
  expect(links?.line('scenarios/a b#1.yaml', 7)).toBe(
    'https://github.example/octo-org/meter/blob/c0ffee/scenarios/a%20b%231.yaml#L7',
  );
  // GitHub has no page for one scenario of a workflow run, so a scenario gets no link.
  expect(links?.scenario('a#b')).toBeUndefined();
});

test('paths in links are relative to the checkout, even if the command runs in a folder below the checkout', () => {
  const links = linksOf(undefined, { ...github, GITHUB_WORKSPACE: `${process.cwd()}/..` });
  const folder = process.cwd().split('/').at(-1);
  expect(links?.line('a.yaml', 1)).toBe(`https://github.example/octo-org/meter/blob/c0ffee/${folder}/a.yaml#L1`);
  expect(links?.line('/etc/scenario.yaml', 1)).toBeUndefined();
});

test.each([
  ['https://pages.example/meter/', 'https://pages.example/meter/#scenario/a%23b'],
  ['https://pages.example/report.html#old', 'https://pages.example/report.html#scenario/a%23b'],
  ['https://ci.example/job/12', undefined],
])('with --report-url %s, the link to a scenario is %s', (address, expected) => {
  expect(linksOf(address, github)).toMatchObject({ report: address });
  expect(linksOf(address, {})?.scenario('a#b')).toBe(expected);
});

test('a report has no links if the repository name is invalid', () => {
  expect(linksOf(undefined, { ...github, GITHUB_REPOSITORY: 'a/b)](https://evil.example' })).toBeUndefined();
});
