import { describe, expect, test } from 'vitest';
import type { WireEvent, WireEventData } from '../../core/conformance/wire-event.ts';
import type { WorldRecord } from '../../sim/conformance/judge/world-record.ts';
import { statements } from '../../sim/conformance/statements/statements.ts';

const facts: WorldRecord['facts'] = {
  idScope: '0ne00C0F0A1',
  registrationId: 'conformance-1',
  deviceId: 'conformance-1',
  hub: 'conform-a.azure-devices.net',
  otherHub: 'conform-b.azure-devices.net',
  givenKey: '',
  givenChain: 0,
  startedAt: Date.UTC(2026, 0, 5),
};

function judge(id: string, events: readonly WireEvent[], settings: Partial<WorldRecord> = {}) {
  const statement = statements.find((each) => each.id === id);
  if (statement === undefined) throw new Error(`no statement ${id}`);
  return statement.judge({ world: statement.worlds[0] ?? '', facts, events, tookMs: 60_000, ...settings });
}

function request(at: number, data: Partial<Extract<WireEventData, { kind: 'dps-request' }>> = {}): WireEvent {
  return {
    at,
    kind: 'dps-request',
    connection: 1,
    operation: 'register',
    transport: 'https',
    registrationId: 'conformance-1',
    apiVersion: '2021-10-01',
    bytes: 40,
    hasToken: true,
    ...data,
  };
}

function answer(at: number, data: Partial<Extract<WireEventData, { kind: 'dps-answer' }>> = {}): WireEvent {
  return { at, kind: 'dps-answer', connection: 1, operation: 'register', status: 202, ...data };
}

const connectEvent = {
  kind: 'connect',
  connection: 2,
  service: 'hub',
  transport: 'mqtt',
  level: 4,
  clientId: 'conformance-1',
  userName: 'conform-a.azure-devices.net/conformance-1/?api-version=2021-04-12',
  host: 'conform-a.azure-devices.net',
  identity: 'conformance-1',
  clean: false,
  keepAliveSeconds: 240,
  password: 'token',
  hasWill: false,
} as const;

describe('the conformance statements about retry-after: P1 (the client does not poll earlier) and Q5 (the client reads the value as seconds)', () => {
  const after = (ms: number): readonly WireEvent[] => [
    request(0),
    answer(10, { retryAfterSeconds: 3 }),
    request(10 + ms, { operation: 'poll', operationId: '5.a' }),
  ];

  test('both pass if the client waits for the whole retry-after', () => {
    expect(judge('P1', after(3001)).kind).toBe('pass');
    expect(judge('Q5', after(3001)).kind).toBe('pass');
  });

  test('both fail if retry-after is 3 s and the client polls after 3 ms', () => {
    expect(judge('P1', after(3))).toMatchObject({ kind: 'fail', actual: 'the next request came after 3 ms' });
    expect(judge('Q5', after(3)).kind).toBe('fail');
  });

  test('differ if retry-after is 3 s and the client polls after 2 s: P1 fails, and Q5 passes because the client did not confuse the units', () => {
    expect(judge('P1', after(2000)).kind).toBe('fail');
    expect(judge('Q5', after(2000)).kind).toBe('pass');
  });
});

describe('the conformance statement P7 (the client gives up if an assignment does not end)', () => {
  const polls = (untilMs: number): readonly WireEvent[] => [
    request(0),
    answer(1, { body: { status: 'assigning', operationId: '5.a' } }),
    ...Array.from({ length: untilMs / 10_000 }, (_, at) => request(at * 10_000 + 10, { operation: 'poll' })),
  ];

  test('fails if the client polls for an hour', () => {
    expect(judge('P7', polls(3_600_000), { tookMs: 3_600_000 }).kind).toBe('fail');
  });

  test('gets the verdict "not exercised" if the observation is too short', () => {
    expect(judge('P7', polls(50_000), { tookMs: 50_000 }).kind).toBe('not exercised');
  });

  test('passes if the client stops polling', () => {
    expect(judge('P7', polls(50_000), { tookMs: 120_000 }).kind).toBe('pass');
  });
});

describe('a client with TPM attestation, judged by a conformance statement,', () => {
  const tpm = { registrationId: 'conformance-1', tpm: { endorsementKey: 'AToAAQ==', storageRootKey: 'AAE=' } };
  const token = { resource: 'r', expiresAt: facts.startedAt + 3_600_000, keyName: 'registration' };
  const challenged: readonly WireEvent[] = [
    request(0, { body: tpm, hasToken: false }),
    answer(10, { status: 401, body: { authenticationKey: '…' } }),
  ];
  const answered: readonly WireEvent[] = [
    ...challenged,
    request(20, { body: tpm, token }),
    answer(30, { status: 202, body: { status: 'assigning' } }),
  ];

  test('passes M1 (order of the token), M2 (reads the challenge) and M3 (no TPM over MQTT) if it answers a challenge over HTTPS', () => {
    for (const id of ['M1', 'M2', 'M3']) expect(judge(id, answered).kind).toBe('pass');
  });

  test('fails M1 (no token before the challenge) if its first request has a token', () => {
    expect(judge('M1', [request(0, { body: tpm, token }), answer(1, { status: 401 })]).kind).toBe('fail');
  });

  test('fails M1 (the key from the challenge signs the token) if DPS refuses the token', () => {
    const refused = [...answered.slice(0, 3), answer(30, { status: 401, body: { errorCode: 401002 } })];
    expect(judge('M1', refused).kind).toBe('fail');
  });

  test('fails M2 (treats a 401 with `authenticationKey` as a challenge) if it stops after the challenge', () => {
    expect(judge('M2', challenged).kind).toBe('fail');
  });

  test('fails M3 (no TPM attestation over MQTT) if it sends `tpm` over MQTT', () => {
    expect(judge('M3', [request(0, { body: tpm, transport: 'mqtt' })]).kind).toBe('fail');
  });

  const cut: WireEvent = { at: 40, kind: 'act', act: 'the power fails' };
  const visit = (code: number): readonly WireEvent[] => [
    { ...connectEvent, at: 50 },
    { at: 51, kind: 'connack', connection: 2, code, sessionPresent: false },
  ];

  test('passes M4 (keeps its hub key) only if the hub accepts its old key after a power failure that follows the challenge', () => {
    expect(judge('M4', [...challenged, cut, ...visit(0)]).kind).toBe('pass');
    expect(judge('M4', [...challenged, cut, ...visit(5)]).kind).toBe('fail');
    expect(judge('M4', [...challenged, cut, request(60)]).kind).toBe('fail');
  });

  test('passes M5 if it sends the new storage root key after a TPM clear, and fails M5 if it sends the old one', () => {
    const later = (storageRootKey: string) => request(60, { body: { tpm: { ...tpm.tpm, storageRootKey } } });
    expect(judge('M5', [...challenged, cut, later('AAI=')]).kind).toBe('pass');
    expect(judge('M5', [...challenged, cut, later('AAE=')]).kind).toBe('fail');
  });
});

test('every conformance statement gets the verdict "not exercised" if the record of the client is empty', () => {
  for (const { id, worlds, judge: judgeOne } of statements) {
    for (const world of worlds) {
      const { kind } = judgeOne({ world, facts, events: [], tookMs: 1000 });
      expect({ id, world, kind }).toEqual({ id, world, kind: 'not exercised' });
    }
  }
});

test('every conformance statement has a unique ID', () => {
  expect(new Set(statements.map(({ id }) => id)).size).toBe(statements.length);
});
