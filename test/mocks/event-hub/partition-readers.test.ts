import { expect, test } from 'vitest';
import { PartitionReaders, type PartitionReader } from '../../../mocks/event-hub/partition-readers.ts';

const displaced: string[] = [];

function reader(name: string, ownerLevel?: number): PartitionReader {
  return { name, ownerLevel, displaced: (sentence) => displaced.push(`${name}: ${sentence}`) };
}

test('five readers without an owner level share a partition, and a sixth reader is refused', () => {
  const readers = new PartitionReaders();
  const five = ['a', 'b', 'c', 'd', 'e'].map((name) => reader(name));
  for (const each of five) expect(readers.admit(each)).toBeUndefined();
  expect(readers.admit(reader('f'))).toMatchObject({
    kind: 'crowded',
    sentence: expect.stringContaining('which is 5. List of connected receivers - a, b, c, d, e.') as unknown,
  });
  readers.leave(five[0]!);
  expect(readers.admit(reader('f'))).toBeUndefined();
});

test('a reader with an owner level disconnects readers without an owner level, and later readers without an owner level are refused', () => {
  const readers = new PartitionReaders();
  displaced.length = 0;
  readers.admit(reader('shared'));
  expect(readers.admit(reader('owner', 0))).toBeUndefined();
  expect(displaced).toEqual([expect.stringContaining("New receiver 'owner' with higher epoch of '0'")]);
  expect(readers.admit(reader('late'))).toMatchObject({
    kind: 'owned',
    sentence: expect.stringContaining("created with epoch of '0', and so non-epoch receiver is not allowed") as unknown,
  });
});

test('a reader with an equal or higher owner level replaces the current reader; a reader with a lower level is refused', () => {
  const readers = new PartitionReaders();
  displaced.length = 0;
  readers.admit(reader('first', 3));
  expect(readers.admit(reader('low', 2))).toMatchObject({
    kind: 'owned',
    sentence: expect.stringContaining("with a higher epoch '3' already exists") as unknown,
  });
  expect(readers.admit(reader('same', 3))).toBeUndefined();
  expect(readers.admit(reader('high', 4))).toBeUndefined();
  expect(displaced.map((each) => each.split(':')[0])).toEqual(['first', 'same']);
});
