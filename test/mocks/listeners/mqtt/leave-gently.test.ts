import { Duplex } from 'node:stream';
import type { Client } from 'aedes';
import { afterEach, expect, test, vi } from 'vitest';
import { leaveGently } from '../../../../mocks/listeners/mqtt/leave-gently.ts';

afterEach(() => vi.useRealTimers());

/** Returns a connection of a client that has sent DISCONNECT and is slow to close its side. */
function leaving() {
  const conn = new Duplex({ allowHalfOpen: true, read() {}, write: (_chunk, _encoding, done) => done() });
  leaveGently({ conn, close: () => {} } as unknown as Client);
  conn.destroy();
  return conn;
}

test('the MQTT listener waits several seconds until a slow client closes its side, and does not reset the connection', async () => {
  vi.useFakeTimers();
  const conn = leaving();
  await vi.advanceTimersByTimeAsync(5000);
  expect(conn).toMatchObject({ destroyed: false, writableEnded: true });
  conn.push(null);
  await vi.advanceTimersByTimeAsync(0);
  expect(conn.destroyed).toBe(true);
});

test('the MQTT listener closes the connection of a client that never closes its side', async () => {
  vi.useFakeTimers();
  const conn = leaving();
  await vi.advanceTimersByTimeAsync(20_000);
  expect(conn.destroyed).toBe(true);
});

test('a closed MQTT connection leaves no timer that keeps it in memory', async () => {
  vi.useFakeTimers();
  const conn = leaving();
  expect(vi.getTimerCount()).toBe(1);
  conn.push(null);
  await vi.advanceTimersByTimeAsync(0);
  expect([conn.closed, vi.getTimerCount()]).toEqual([true, 0]);
});
