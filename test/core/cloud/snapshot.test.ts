import { expect, test } from 'vitest';
import { snapshotToJson, snapshotFromJson } from '../../../core/cloud/snapshot.ts';

test('a snapshot with `Buffer` objects at any depth is the same after conversion to JSON and back', () => {
  const snapshot = {
    list: [{ key: Buffer.from([0, 255, 7]), empty: Buffer.alloc(0) }],
    buffer: Buffer.from('top'),
    twin: { type: 'Buffer', data: [1, 2], base64: 'AAAA', inner: { base64: 'AAAA' } },
    nothing: null,
    lookalikes: [{ $base64: 'AAAA' }, { $plain: [['a', 1]] }, { $plain: { $base64: { $plain: Buffer.from('x') } } }],
  };
  expect(snapshotFromJson(snapshotToJson(snapshot))).toEqual(snapshot);
});

test('`snapshotFromJson` throws if the text is not JSON', () => {
  expect(() => snapshotFromJson('{')).toThrow(SyntaxError);
});
