import { expect, test } from 'vitest';
import { MqttPortions } from '../../../../mocks/listeners/turns/mqtt-portions.ts';
import { publishPacket } from '../../clients/raw-mqtt.ts';

const pingreq = Buffer.from([0xc0, 0]);
const sizes = [0, 1, 100, 127, 128, 20_000];
const packets = sizes.flatMap((size) => [publishPacket('t', Buffer.alloc(size)), pingreq]);
const bytes = Buffer.concat(packets);

/**
 * Returns the positions in `bytes` at which portions end. A portion has at most `most` packets; the bytes arrive in pieces of `piece`
 * bytes.
 */
function ends(most: number, piece: number): number[] {
  const portions = new MqttPortions(most);
  const found: number[] = [];
  let at = 0;
  while (at < bytes.length) {
    const given = bytes.subarray(at, at + piece);
    const used = portions.next(given);
    at += used;
    found.push(at);
  }
  return found;
}

test.each([1, 3])('`MqttPortions` splits a stream of bytes after every %i packets', (most) => {
  const wanted: number[] = [];
  for (let index = most; index <= packets.length; index += most) {
    wanted.push(Buffer.concat(packets.slice(0, index)).length);
  }
  expect(ends(most, bytes.length)).toEqual(wanted);
});

test.each([1, 2, 3, 7, 4096])(
  '`MqttPortions` finds the end of each packet if the bytes arrive in pieces of %i bytes',
  (piece) => {
    const whole = ends(1, bytes.length);
    expect(ends(1, piece).filter((end) => whole.includes(end))).toEqual(whole);
  },
);

test('`MqttPortions` passes on five bytes of a Remaining Length field, so that the MQTT parser can refuse the fifth byte', () => {
  expect(new MqttPortions(1).next(Buffer.from([0x30, 0xff, 0xff, 0xff, 0xff, 0xff]))).toBe(6);
});
