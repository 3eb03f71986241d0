import { expect } from '@playwright/test';
import type { HistoryEvent } from '../../core/history/events.ts';
import { graveFindings, isTooWide, test } from './page-test.ts';
import { played, playbackOf, sampleRun } from '../reports/sample-playback.ts';

const certificates = [{ subject: 'CN=pump', issuer: 'CN=ca', notBefore: 0, notAfter: 86_400_000 }];
const attempt = { device: 'pump', registrationId: 'pump', attestation: 'x509', transport: 'mqtt' } as const;
const decision = {
  kind: 'decision',
  judge: 'dps',
  subject: 'pump',
  about: 'registration',
  checks: [
    { check: 'id-scope-known', passed: true, expected: '0ne', found: '0ne' },
    {
      check: 'certificate-valid-now',
      passed: false,
      expected: 'an instant from 2026-01-05T08:00:00.000Z to 2026-04-05T08:00:00.000Z',
      found: '2026-12-06T08:00:00.000Z: CN=pump is expired 245 days ago',
    },
  ],
} as const;
const deed = { kind: 'deed', party: 'manufacturer', subject: 'pump', sentence: 'a certificate is installed' } as const;

/** One event for each layout of the pane with the details of the selected event. */
const events: readonly HistoryEvent[] = [
  { kind: 'step-started', step: 0, name: 'power-on', line: 3, at: 0 },
  { kind: 'time-jumped', from: 0, to: 86_400_000, at: 86_400_000 },
  { ...deed, at: 86_400_000 },
  { ...deed, certificates, at: 86_400_000 },
  {
    kind: 'secret',
    secret: 'key',
    sort: 'private-key',
    party: 'device',
    place: 'pump',
    change: 'held',
    at: 86_400_000,
  },
  { kind: 'asked-afar', station: 'line', what: 'a certificate', at: 86_400_000 },
  { kind: 'unit', device: 'pump', fate: 'shipped', at: 86_400_000 },
  { kind: 'reconciled', overproduced: ['pump'], unaudited: [], scrapped: [], at: 86_400_000 },
  { kind: 'blast-radius', loot: 'note', tried: ['pump'], candidates: 1, impersonated: ['pump'], at: 86_400_000 },
  { kind: 'signals', findings: [{ signal: 'x', subject: 'pump', sentence: 'y', events: [2] }], at: 86_400_000 },
  { kind: 'attempt-started', ...attempt, clock: 0, at: 86_400_000 },
  {
    kind: 'wire',
    door: 'mqtt',
    from: 'pump',
    to: 'dps',
    message: 'PUBLISH $dps/registrations/PUT/?$rid=1 {"data":"dGVtcGVyYXR1cmUgaXMgMjE="} → 401 {"errorCode":401002}',
    at: 86_400_000,
  },
  { kind: 'service-record', service: 'dps', identity: 'pump', outcome: 'attested', at: 86_400_000 },
  { ...decision, certificates, at: 86_400_000 },
  { ...decision, checks: decision.checks.slice(0, 1), at: 86_400_000 },
  {
    kind: 'attempt-ended',
    device: 'pump',
    registrationId: 'pump',
    outcome: 'refused',
    sentence: 'DPS answered 401',
    telemetry: 'none',
    attempts: 1,
    at: 86_400_000,
  },
];

for (const colorScheme of ['light', 'dark'] as const) {
  test(`the page of each kind of event has no serious accessibility problem and fits a window 390 px wide, in the ${colorScheme} colour scheme`, async ({
    page,
    reportOf,
  }) => {
    test.setTimeout(120_000);
    await page.emulateMedia({ colorScheme });
    const run = sampleRun('a', 'pass', 'as expected', { history: events });
    const address = await reportOf(playbackOf([played(run)]));
    for (const [index, { kind }] of events.entries()) {
      await page.setViewportSize({ width: 1280, height: 800 });
      await page.goto(`${address}#scenario/a/event/${index + 1}`);
      await expect(page.getByRole('complementary', { name: 'Event' }), kind).toContainText(`Event ${index + 1} `);
      expect(await graveFindings(page), kind).toEqual([]);
      await page.setViewportSize({ width: 390, height: 844 });
      expect(await isTooWide(page), kind).toBe(false);
    }
  });
}

test('the address of an unknown scenario shows links to the most similar scenarios', async ({ page, reportOf }) => {
  const runs = ['warehouse/leaf-expires', 'attacks/cloned'].map((id) => played(sampleRun(id, 'pass', 'as expected')));
  await page.goto(`${await reportOf(playbackOf(runs))}#scenario/${encodeURIComponent('warehouse/leaf-expirs')}`);
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Scenario not found');
  await expect(page.getByRole('link', { name: 'attacks/cloned' })).toHaveCount(0);
  expect(await graveFindings(page)).toEqual([]);
  await page.getByRole('link', { name: 'warehouse/leaf-expires' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('A certificate expires in the warehouse');
});
