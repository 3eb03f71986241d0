import { expect, test } from 'vitest';
import type { LineReport } from '../../core/findings/line-report.ts';
import type { SecretHolding } from '../../core/findings/secrets.ts';
import { lineText } from '../../reports/sentences/line-text.ts';

const line: LineReport = {
  product: 'valve',
  step: 0,
  stations: ['room', 'dock'],
  ordered: 9,
  built: 12,
  fates: { shipped: 6, unpacked: 0, scrapped: 1, rejected: 2, 'off-the-books': 3 },
  catches: { 'identity-unique': 1, 'credential-present': 1 },
  startedAt: '2026-01-05T08:00:00.000Z',
  endedAt: '2026-01-05T08:06:00.000Z',
  perHour: 60,
  yield: 0.92,
  online: ['room'],
};

const copy = (secret: string, place: string, from: string, to: string | null): SecretHolding => ({
  secret,
  sort: 'private-key',
  party: place === 'valve-1' ? 'device' : 'contract-manufacturer',
  place,
  from: `2026-01-05T${from}:00.000Z`,
  to: to === null ? null : `2026-01-05T${to}:00.000Z`,
});

test('`lineText` lists shipped and rejected units, the reasons of rejections, and the stations and companies that could read secrets', () => {
  const secrets = [
    copy('key of CA ca', 'room', '07:00', null),
    copy('private key of valve-1', 'room', '08:01', '08:01'),
    copy('private key of valve-1', 'dock', '08:02', '08:02'),
    copy('private key of valve-1', 'valve-1', '08:01', null),
    copy('a key of yesterday', 'room', '06:00', '07:00'),
    copy('a key of tomorrow', 'room', '09:00', null),
  ];
  expect(lineText(line, secrets)).toBe(
    'line valve: 6 of 9 shipped, 1 scrapped, 2 rejected (identity-unique 1, credential-present 1), 3 surplus; ' +
      '60 an hour; yield 92 %; online: room; parties that could read secrets: contract-manufacturer (2 secrets, 1 still after the run)',
  );
});

test('`lineText` states that no station was online and no secret was exposed', () => {
  expect(lineText({ ...line, online: [] }, [])).toMatch(/online: no station; parties that could read secrets: none$/);
});
