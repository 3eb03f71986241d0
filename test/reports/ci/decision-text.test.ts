import { expect, test } from 'vitest';
import { decisionText } from '../../../reports/sentences/decision-text.ts';
import type { Decision } from '../../../core/history/decision.ts';

function brokenHandshake(found: string): Decision {
  return {
    judge: 'dps',
    subject: '127.0.0.1',
    about: 'TLS handshake over MQTT without a server name',
    checks: [
      { check: 'tls-handshake-completed', passed: false, disabled: false, expected: 'a complete TLS handshake', found },
    ],
  } as unknown as Decision;
}

test('the decision on a handshake that the client ended names the client first, and has the whole reason', () => {
  const found =
    'the client ended the handshake with the alert unknown ca: the client does not trust the root of the server certificate';
  expect(decisionText(brokenHandshake(found))).toBe(
    `127.0.0.1 did not complete the TLS handshake with DPS (TLS handshake over MQTT without a server name): tls-handshake-completed: the client does not begin with TLS, or does not complete the handshake (expected a complete TLS handshake; found ${found})`,
  );
});

test('the decision on data without TLS names DPS first, and has the whole reason', () => {
  const found = 'octet 16 (a CONNECT of MQTT without TLS) instead of a TLS handshake record (22) as the first record';
  expect(decisionText(brokenHandshake(found))).toContain('DPS refused 127.0.0.1 ');
  expect(decisionText(brokenHandshake(found))).toContain(`found ${found})`);
});
