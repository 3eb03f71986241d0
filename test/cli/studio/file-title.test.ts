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
])('`fileTitle` turns the title "%s" into the title of all variants, "%s"', (title, expected) => {
  expect(fileTitle(JSON.stringify({ title }))).toBe(expected);
});

test('`fileTitle` returns `undefined` for a text without a title or with a mistake', () => {
  expect([fileTitle('story: x'), fileTitle(''), fileTitle('title: [')]).toEqual([undefined, undefined, undefined]);
});
