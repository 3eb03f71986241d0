import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseQuery } from '../../mocks/hub/query/parse-query.ts';
import { runQuery } from '../../mocks/hub/query/run-query.ts';

const documents = [
  {
    deviceId: 'a',
    status: 'enabled',
    tags: { site: 'Ulm', floor: 2 },
    properties: { reported: { t: 21.5, ok: true } },
  },
  { deviceId: 'b', status: 'disabled', tags: { site: "O'Fallon" }, properties: { reported: { t: 19, ok: false } } },
  { deviceId: 'c', status: 'enabled', tags: {}, properties: { reported: { t: 'hot', note: null } } },
];

function ids(where: string): readonly unknown[] | string {
  const parsed = parseQuery(`SELECT * FROM devices ${where === '' ? '' : `WHERE ${where}`}`);
  return 'trouble' in parsed ? parsed.trouble : runQuery(parsed.query, documents).map(({ deviceId }) => deviceId);
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
  ])('WHERE %s', (where, found) => {
    expect(ids(where)).toEqual(found);
  });

  test.each([
    ['SELECT', 'Expected a name, found the end of the query.'],
    ['SELECT * FROM modules', 'Expected devices, found modules.'],
    ['SELECT * FROM devices.jobs', 'Expected devices, found devices.jobs.'],
    ['SELECT COUNT() FROM devices', 'Expected FROM, found (.'],
    ['SELECT * FROM devices WHERE', 'Expected a name, found the end of the query.'],
    ['SELECT * FROM devices WHERE a', 'Expected a comparison, found the end of the query.'],
    ['SELECT * FROM devices WHERE a = b', 'Expected a value, found b.'],
    ['SELECT * FROM devices WHERE a = 1 2', 'Expected the end of the query, found 2.'],
    ['SELECT * FROM devices WHERE (a = 1', 'Expected ), found the end of the query.'],
    ['SELECT * FROM devices WHERE a IN []', 'Expected a value, found ].'],
    ["SELECT * FROM devices WHERE STARTSWITH(a, 'b')", 'Expected a comparison, found (.'],
    ["SELECT * FROM devices WHERE a = 'b", 'The query has a character that belongs to no word.'],
    ['DELETE FROM devices', 'Expected SELECT, found DELETE.'],
  ])('%s is refused', (text, trouble) => {
    expect(parseQuery(text)).toEqual({ trouble });
  });

  test('is bounded in length and depth', () => {
    expect(ids(`${'('.repeat(31)}deviceId = 'a'${')'.repeat(31)}`)).toEqual(['a']);
    expect(ids(`${'('.repeat(40)}deviceId = 'a'${')'.repeat(40)}`)).toBe('Expected at most 32 levels, found (.');
    expect(ids(`${'NOT '.repeat(2100)}deviceId = 'a'`)).toContain('longer than');
  });

  test('of any words is read or refused with a sentence', () => {
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
        if ('trouble' in parsed) expect(parsed.trouble).toMatch(/^(Expected|The query) .+\.$/s);
        else expect(runQuery(parsed.query, documents).length).toBeLessThanOrEqual(3);
      }),
    );
  });
});
