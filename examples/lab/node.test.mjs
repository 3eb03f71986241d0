// node --test examples/lab/node.test.mjs
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startLab } from 'dps-rehearsal';

test('a fault is injected for the first answer only', async () => {
  const lab = await startLab();
  try {
    await lab.orderFault({ answer: 429, retryAfter: 20, count: 1 });
    const { registrationId } = lab.keys.firstDevice;
    assert.equal(await lab.registration(registrationId), undefined);
    await lab.removeFaults();
  } finally {
    await lab.close();
  }
});
