import { expect, test } from 'vitest';
import { fileTitle } from '../../../cli/studio/file-title.ts';

test.each([
  ['A charger is sold, and ${name}', 'A charger is sold'],
  ['A key leaks from one device: ${name}', 'A key leaks from one device'],
  ['A webhook chooses the hub, and then ${name}', 'A webhook chooses the hub'],
  ['A device (with ${name})', 'A device'],
  ['Five devices, ${count} certificates, and a quota of ${quota}', 'Five devices, … certificates'],
  ['The gateways call ${name}', 'The gateways call …'],
  ['A certificate of ${validity} waits eleven months', 'A certificate of … waits eleven months'],
  ['A line without a network', 'A line without a network'],
])('the title of all variants of "%s" is "%s"', (title, expected) => {
  expect(fileTitle(JSON.stringify({ title }))).toBe(expected);
});

test('a text without a title or with a mistake has none', () => {
  expect([fileTitle('story: x'), fileTitle(''), fileTitle('title: [')]).toEqual([undefined, undefined, undefined]);
});
