// npx jest examples/lab/jest.test.cjs
const assert = require('node:assert/strict');
const { startLab } = require('dps-rehearsal');

let lab;
beforeAll(async () => {
  lab = await startLab({ lab: 'cloud: { enrollmentGroups: { devices: { symmetricKey: true } } }' });
}, 60_000);
afterAll(() => lab.close());

test('the clock of the lab advances', async () => {
  const before = Date.parse(await lab.now());
  const after = Date.parse(await lab.advance('P30D'));
  assert.ok(after - before >= 30 * 86_400_000);
});
