import { describe, expect, test } from 'vitest';
import { SharedTable, type SharedValues, valueRestorer } from '../../../reports/html/shared-values.ts';

function shareValues(values: readonly unknown[]): SharedValues {
  const table = new SharedTable();
  return table.write(values.map((value) => table.add(value)));
}

const hello = { versions: ['TLS 1.3', 'TLS 1.2'], suites: ['TLS_AES_128_GCM_SHA256', 'TLS_AES_256_GCM_SHA384'] };
const long = 'a text of more than forty characters, so that it is worth a row';

describe('a report that stores repeated values once', () => {
  test.each([
    { what: 'numbers, booleans, null and short texts', value: { a: [1, true, null, 'x'], b: {} } },
    { what: 'objects that occur twice', value: [{ hello }, { hello }, hello] },
    { what: 'texts that occur twice', value: [long, { long }] },
    {
      what: 'objects inside objects that occur twice',
      value: [{ deep: { hello, long } }, { deep: { hello, long } }, hello],
    },
    {
      what: 'short and long texts that begin with the mark of a reference',
      value: ['\uE000', `\uE000${long}`, { a: `\uE000${long}` }],
    },
    {
      what: 'an object that differs from another only by types',
      value: [
        { a: '1', long },
        { a: 1, long },
      ],
    },
  ])('can be restored to the original values: $what', ({ value }) => {
    const { rows, values } = shareValues([value, value]);
    const restore = valueRestorer(overJson(rows));
    expect(overJson(values).map(restore)).toEqual([value, value]);
  });

  test('stores each repeated part once', () => {
    const { rows, values } = shareValues([{ first: hello }, { second: hello }, { third: hello }]);
    expect(rows).toEqual([hello]);
    expect(JSON.stringify(values)).not.toContain('TLS_AES_128_GCM_SHA256');
  });

  test('leaves a part in its place if the part occurs only once', () => {
    expect(shareValues([{ hello }])).toEqual({ rows: [], values: [{ hello }] });
  });

  test('omits undefined members, as JSON does', () => {
    expect(shareValues([{ a: undefined, b: 1 }]).values).toEqual([{ b: 1 }]);
  });

  test('cannot be restored if a row of shared values is missing', () => {
    expect(() => valueRestorer([])('\uE0005')).toThrow('the report refers to row 5 of its shared values, but has 0');
  });
});

function overJson<T>(value: T): T {
  const copy: T = JSON.parse(JSON.stringify(value));
  return copy;
}
