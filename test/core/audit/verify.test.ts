import { createPublicKey, generateKeyPairSync } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { AuditTrail } from '../../../core/audit/trail.ts';
import { verifyAudit } from '../../../core/audit/verify.ts';
import { canonicalJson } from '../../../core/wire/canonical-json.ts';

const hour = 3_600_000;

/** Returns the lines of an audit trail that has an entry for each hour, in work shifts of four hours. */
function written(entries: number): readonly string[] {
  const trail = new AuditTrail({ station: 'secure-room', party: 'manufacturer', shiftMs: 4 * hour }, 0);
  for (let at = 0; at < entries; at++) {
    trail.enter({ device: `sensor-${at}`, registrationId: `sensor-${at}`, identity: `sha256:${at}` }, at * hour);
  }
  return trail.copy();
}

const text = (lines: readonly string[]): string => lines.map((line) => `${line}\n`).join('');

/** Returns the number of the first line, counted from 1, in which two texts differ. */
function firstDifference(a: readonly string[], b: readonly string[]): number {
  const longest = Math.max(a.length, b.length);
  for (let at = 0; at < longest; at++) if (a[at] !== b[at]) return at + 1;
  return 0;
}

const lines = written(13);
const place = fc.nat({ max: lines.length - 1 });

describe('the verification of an audit trail', () => {
  test('passes if the trail is unchanged', () => {
    expect(verifyAudit(text(lines))).toEqual({ ok: true, entries: 13, shifts: 4, station: 'secure-room' });
    expect(verifyAudit(text(written(0)))).toMatchObject({ ok: true, entries: 0 });
  });

  test('reports the line of any single changed character', () => {
    fc.assert(
      fc.property(place, fc.nat(), fc.string({ minLength: 1, maxLength: 1 }), (at, where, by) => {
        const line = lines[at] ?? '';
        const column = where % line.length;
        const edited = line.slice(0, column) + by + line.slice(column + 1);
        fc.pre(edited !== line && by !== '\n');
        const verdict = verifyAudit(text(lines.with(at, edited)));
        expect(verdict).toMatchObject({ ok: false, line: at + 1 });
        if (!verdict.ok) expect(['changed', 'wrong-signature', 'truncated']).toContain(verdict.fault);
      }),
      { numRuns: 2000 },
    );
  });

  test('reports the line of any single changed value, even if the line is in canonical form', () => {
    const words = fc.constantFrom(
      'number',
      'previous',
      'device',
      'identity',
      'at',
      'entries',
      'shift',
      'station',
      'publicKey',
    );
    fc.assert(
      fc.property(place, words, fc.oneof(fc.nat({ max: 30 }), fc.string()), (at, word, value) => {
        const said: Record<string, unknown> = JSON.parse(lines[at] ?? '');
        fc.pre(word in said && said[word] !== value);
        expect(verifyAudit(text(lines.with(at, canonicalJson({ ...said, [word]: value }))))).toMatchObject({
          ok: false,
          line: at + 1,
        });
      }),
      { numRuns: 1000 },
    );
  });

  test('reports the position of any removed line', () => {
    for (const at of lines.keys()) {
      const verdict = verifyAudit(text(lines.toSpliced(at, 1)));
      const fault = at === lines.length - 1 ? 'truncated' : 'removed';
      expect(verdict, `without line ${at + 1}`).toMatchObject({ ok: false, line: at + 1, fault });
    }
  });

  test('reports any inserted line: a copy of a line, a line of another trail, or other text', () => {
    const stranger = written(13)[5] ?? '';
    fc.assert(
      fc.property(
        fc.nat({ max: lines.length }),
        fc.oneof(
          place.map((at) => lines[at] ?? ''),
          fc.constant(stranger),
          fc.string().filter((one) => !one.includes('\n')),
        ),
        (at, line) => {
          const tampered = lines.toSpliced(at, 0, line);
          expect(verifyAudit(text(tampered))).toMatchObject({
            ok: false,
            line: firstDifference(lines, tampered),
            fault: 'inserted',
          });
        },
      ),
      { numRuns: 1000 },
    );
  });

  test('reports any moved line at the position where the order is wrong', () => {
    fc.assert(
      fc.property(place, place, (from, to) => {
        fc.pre(from !== to);
        const tampered = lines.toSpliced(from, 1).toSpliced(to, 0, lines[from] ?? '');
        expect(verifyAudit(text(tampered))).toMatchObject({
          ok: false,
          line: firstDifference(lines, tampered),
          fault: 'reordered',
        });
      }),
      { numRuns: 1000 },
    );
  });

  test('reports a truncated trail', () => {
    const whole = text(lines);
    fc.assert(
      fc.property(fc.integer({ min: 1, max: whole.length - 1 }), (length) => {
        expect(verifyAudit(whole.slice(0, length)).ok).toBe(false);
      }),
    );
    expect(verifyAudit(text(lines.slice(0, 7)))).toMatchObject({ fault: 'truncated', line: 8 });
    expect(verifyAudit(whole.slice(0, -1))).toMatchObject({ fault: 'truncated' });
    expect(verifyAudit('')).toMatchObject({ ok: false, line: 1 });
  });

  test('fails if an attacker without the signing key rewrites all lines after the first line', () => {
    const forger = new AuditTrail({ station: 'secure-room', party: 'manufacturer', shiftMs: 4 * hour }, 0);
    for (let at = 0; at < 13; at++)
      forger.enter({ device: `sensor-${at}`, registrationId: 'x', identity: 'forged' }, at * hour);
    const forged = forger.copy();
    const verdict = verifyAudit(text([lines[0] ?? '', ...forged.slice(1)]));
    expect(verdict.ok).toBe(false);
    // A complete trail that is signed with the key of an attacker is consistent. Only a comparison with the expected key detects it.
    expect(verifyAudit(text(forged)).ok).toBe(true);
    const header: { publicKey: string } = JSON.parse(lines[0] ?? '');
    const known = createPublicKey(header.publicKey);
    expect(verifyAudit(text(lines), known).ok).toBe(true);
    expect(verifyAudit(text(forged), known)).toMatchObject({ ok: false });
    expect(verifyAudit(text(lines), generateKeyPairSync('ed25519').publicKey)).toMatchObject({ ok: false });
  });
});
