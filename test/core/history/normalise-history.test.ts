import { randomBytes } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import type { HistoryEvent } from '../../../core/history/events.ts';
import { normaliseHistory } from '../../../core/history/normalise-history.ts';

const wire = (message: string, at = 0): HistoryEvent => ({
  at,
  kind: 'wire',
  door: 'mqtt',
  from: 'dev-1',
  to: 'dps',
  message,
});

/** Returns the history of one seed, with new keys on each call. */
function play(): HistoryEvent[] {
  const thumbprint = randomBytes(32).toString('hex').toUpperCase();
  const signature = encodeURIComponent(randomBytes(32).toString('base64'));
  const wrapped = randomBytes(920).toString('base64');
  const registrationId = base32(randomBytes(33)).slice(0, 52);
  return [
    wire(`CONNECT ${registrationId}`),
    wire(`sr=0ne1%2Fregistrations%2F${registrationId}&sig=${signature}&se=1767600000&skn=registration`, 3000),
    {
      at: 3000,
      kind: 'decision',
      judge: 'hub',
      subject: registrationId,
      about: 'connection',
      checks: [{ check: 'hub-thumbprint-matches', passed: true, expected: thumbprint, found: thumbprint }],
    },
    wire(`401 {"authenticationKey":"${wrapped}","keyName":"registration"}`, 4000),
    wire(`4.316aac5bdc130deb.b1e02da8-c3a0-4ff2-a121-7ea7a6b7f550 ${thumbprint.toLowerCase()}`, 5000),
  ];
}

function base32(bytes: Buffer): string {
  return [...bytes]
    .flatMap((byte) => [byte >> 3, byte & 31])
    .map((five) => 'abcdefghijklmnopqrstuvwxyz234567'[five])
    .join('');
}

describe('a normalised history', () => {
  test('is the same for one seed, although the keys differ', () => {
    for (let again = 0; again < 200; again++) expect(normaliseHistory(play())).toBe(normaliseHistory(play()));
  });

  test('keeps the values that the seed determines: instants, operation IDs, expiry times', () => {
    const text = normaliseHistory(play());
    expect(text).toContain('4.316aac5bdc130deb.b1e02da8-c3a0-4ff2-a121-7ea7a6b7f550');
    expect(text).toContain('se=1767600000&skn=registration');
    expect(text).toContain('"at": 4000');
  });

  test('contains no key, signature or thumbprint', () => {
    const events = play();
    const text = normaliseHistory(events);
    for (const secret of JSON.stringify(events).match(/[0-9A-F]{64}|[A-Za-z0-9+/]{100,}|[a-z2-7]{52}/g) ?? []) {
      expect(text).not.toContain(secret);
    }
  });

  test('keeps equal values equal and different values different', () => {
    const [one, other] = [randomBytes(32).toString('hex'), randomBytes(32).toString('hex')];
    expect(normaliseHistory([wire(`${one} ${one}`)])).toContain('«value 1» «value 1»');
    expect(normaliseHistory([wire(`${one} ${other} ${one}`)])).toContain('«value 1» «value 2» «value 1»');
    expect(normaliseHistory([wire(`${one} ${one}`)])).not.toBe(normaliseHistory([wire(`${one} ${other}`)]));
  });

  test.each([
    ['another instant', [wire('CONNECT', 1)]],
    ['another message', [wire('PUBLISH')]],
    ['one event more', [wire('CONNECT'), wire('CONNECT')]],
    ['no event', []],
  ])('of one event differs from the normalised history of other events: %s', (_name, events) => {
    expect(normaliseHistory(events)).not.toBe(normaliseHistory([wire('CONNECT')]));
  });
});
