import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseQuery } from '../../../mocks/hub/query/parse-query.ts';
import { runQuery } from '../../../mocks/hub/query/run-query.ts';

const documents = [
  {
    deviceId: 'a',
    status: 'enabled',
    tags: { site: 'Ulm', floor: 2 },
    properties: { reported: { t: 21.5, ok: true } },
  },
  { deviceId: 'b', status: 'disabled', tags: { site: "O'Fallon" }, properties: { reported: { t: 19, ok: false } } },
  {
    deviceId: 'c',
    status: 'enabled',
    tags: {},
    properties: { reported: { t: 'hot', note: null } },
    configurations: { 'a.b': { status: 'Applied' } },
  },
];

const jobsSelectAll = 'Queries FROM devices.jobs must use SELECT *, without projections and aggregations.';

function ids(where: string): readonly unknown[] | string {
  const parsed = parseQuery(`SELECT * FROM devices ${where === '' ? '' : `WHERE ${where}`}`);
  return parsed.ok ? runQuery(parsed.value, documents).map(({ deviceId }) => deviceId) : parsed.failure.sentence;
}

describe('a query', () => {
  test.each<[string, readonly string[]]>([
    ['', ['a', 'b', 'c']],
    ["deviceId = 'a'", ['a']],
    ['deviceId="b"', ['b']],
    ["devices.deviceId = 'c'", ['c']],
    ['tags.site = "O\'Fallon"', ['b']],
    ["status != 'enabled'", ['b']],
    ["status <> 'enabled'", ['b']],
    ["tags.site != 'Ulm'", ['b']],
    ['tags.floor > 1', ['a']],
    ['properties.reported.t >= 19', ['a', 'b']],
    ['properties.reported.t < 21.5', ['b']],
    ['properties.reported.t <= 21.5', ['a', 'b']],
    ["properties.reported.t > 'a'", ['c']],
    ['properties.reported.ok = true', ['a']],
    ['properties.reported.note = null', ['c']],
    ['properties.reported.t > -5', ['a', 'b']],
    ["deviceId IN ['a', 'c']", ['a', 'c']],
    ["deviceId NIN ['a', 'c']", ['b']],
    ["deviceId NOT IN ['a']", ['b', 'c']],
    ['is_defined(tags.site)', ['a', 'b']],
    ['NOT is_defined(tags.site)', ['c']],
    ["status = 'enabled' AND tags.floor = 2 OR deviceId = 'b'", ['a', 'b']],
    ["status = 'enabled' and (tags.floor = 2 or deviceId = 'c')", ['a', 'c']],
    ["NOT (status = 'enabled' OR deviceId = 'b')", []],
    ['constructor = 1', []],
    ['is_defined(tags.toString)', []],
    ['properties.reported.t - 1.5 = tags.floor * 10', ['a']],
    ['(properties.reported.t + 0.5) % 2 = 0', ['a']],
    ['tags.floor = 0x2', ['a']],
    ['properties.reported.t > -5 AND properties.reported.ok', ['a']],
    ['tags.site', []],
    ['tags = tags', []],
    ['tags.site = undefined', []],
    ["tags.site = 'O\\'Fallon'", ['b']],
    ["tags.site = '\\u0055lm'", ['a']],
    ["configurations.[[a.b]].status = 'Applied'", ['c']],
  ])('returns the right devices for WHERE %s', (where, found) => {
    expect(ids(where)).toEqual(found);
  });

  test.each([
    ['SELECT', 'Expected a name, found the end of the query.'],
    ['SELECT * FROM modules', 'Expected devices, found modules.'],
    ['SELECT jobId FROM devices.jobs', jobsSelectAll],
    ['SELECT COUNT() AS n FROM devices.jobs', jobsSelectAll],
    ['SELECT COUNT( FROM devices', 'Expected a name, found FROM.'],
    ['SELECT AVG() AS n FROM devices', 'Expected a name, found ).'],
    ['SELECT COUNT() AS n, status FROM devices', 'The field status is neither aggregated nor in GROUP BY.'],
    ['SELECT * FROM devices GROUP BY status', 'SELECT * cannot be used with GROUP BY.'],
    ['SELECT TOP x * FROM devices', 'Expected a whole number, found x.'],
    ['SELECT * FROM devices ORDER BY a', 'Expected the end of the query, found ORDER.'],
    ['SELECT * FROM devices WHERE', 'Expected a value or a name, found the end of the query.'],
    ['SELECT * FROM devices WHERE a = 1 2', 'Expected the end of the query, found 2.'],
    ['SELECT * FROM devices WHERE (a = 1', 'Expected ), found the end of the query.'],
    ['SELECT * FROM devices WHERE a IN []', 'Expected a value or a name, found ].'],
    ['SELECT * FROM devices WHERE a NOT = 1', 'Expected IN, found =.'],
    [
      "SELECT * FROM devices WHERE STARTSWITH(a, 'b')",
      'Expected is_defined, the only function for twins and jobs, found STARTSWITH.',
    ],
    ["SELECT * FROM devices WHERE a = 'b", 'The query has a character that the query language does not allow.'],
    ['DELETE FROM devices', 'Expected SELECT, found DELETE.'],
  ])('refuses %s', (text, trouble) => {
    expect(parseQuery(text)).toMatchObject({ ok: false, failure: { sentence: trouble } });
  });

  test.each<[string, readonly object[]]>([
    ['SELECT COUNT() AS n FROM devices', [{ n: 3 }]],
    ['select count() as n from devices where tags.floor > 1', [{ n: 1 }]],
    ["SELECT COUNT() AS n FROM devices WHERE deviceId = 'absent'", [{ n: 0 }]],
    ['SELECT COUNT(tags.site) AS n FROM devices', [{ n: 2 }]],
    ['SELECT COUNT() FROM devices', [{ count: 3 }]],
    [
      'SELECT status AS s, COUNT() AS n FROM devices GROUP BY status',
      [
        { s: 'enabled', n: 2 },
        { s: 'disabled', n: 1 },
      ],
    ],
    [
      'SELECT tags.site AS site, COUNT() AS n FROM devices GROUP BY tags.site',
      [{ site: 'Ulm', n: 1 }, { site: "O'Fallon", n: 1 }, { n: 1 }],
    ],
    [
      'SELECT AVG(properties.reported.t) AS a, SUM(properties.reported.t) AS s, MIN(properties.reported.t) AS lo, MAX(properties.reported.t) AS hi FROM devices',
      [{ a: 20.25, s: 40.5, lo: 19, hi: 21.5 }],
    ],
    ['SELECT MAX(tags.none) AS hi FROM devices', [{}]],
    ['SELECT TOP 2 deviceId FROM devices', [{ deviceId: 'a' }, { deviceId: 'b' }]],
    ["SELECT deviceId AS id, tags.site FROM devices WHERE tags.site = 'Ulm'", [{ id: 'a', site: 'Ulm' }]],
  ])('returns the right rows: %s', (text, rows) => {
    const parsed = parseQuery(text);
    expect(parsed.ok ? runQuery(parsed.value, documents) : parsed).toEqual(rows);
  });

  test('of jobs may omit the collection name in the path of a field', () => {
    const rows = [{ jobId: 'j1', status: 'completed' }, { jobId: 'j2' }];
    for (const path of ['devices.jobs.jobId', 'jobId']) {
      const parsed = parseQuery(`SELECT * FROM devices.jobs WHERE ${path} = 'j1'`);
      expect(parsed.ok ? runQuery(parsed.value, rows) : parsed).toEqual([rows[0]]);
    }
  });

  test('is refused if it is too long or too deeply nested', () => {
    expect(ids(`${'('.repeat(31)}deviceId = 'a'${')'.repeat(31)}`)).toEqual(['a']);
    expect(ids(`${'('.repeat(40)}deviceId = 'a'${')'.repeat(40)}`)).toBe(
      'Expected a condition with at most 32 nested levels, found (.',
    );
    expect(ids(`${'NOT '.repeat(2100)}deviceId = 'a'`)).toContain('longer than');
  });

  test('of arbitrary words is parsed, or refused with an error sentence', () => {
    const word = fc.oneof(
      fc.constantFrom(
        'SELECT',
        '*',
        'FROM',
        'devices',
        'WHERE',
        'AND',
        'NOT',
        'IN',
        '[',
        ']',
        '(',
        ')',
        ',',
        '=',
        "'a'",
        '1',
        'a.b',
      ),
      fc.string({ maxLength: 4 }),
    );
    fc.assert(
      fc.property(fc.array(word, { maxLength: 30 }), (words) => {
        const parsed = parseQuery(words.join(' '));
        if (!parsed.ok) expect(parsed.failure.sentence).toMatch(/^(Expected|The query) .+\.$/s);
        else expect(runQuery(parsed.value, documents).length).toBeLessThanOrEqual(3);
      }),
    );
  });
});
