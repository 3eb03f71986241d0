import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { systemClock } from '../../core/time/clock.ts';
import { hubToken } from '../mocks/clients/credentials.ts';
import { openRegistry } from '../sdk/hub-clients.ts';
import { hub, openLab, type Lab } from '../sdk/lab.ts';
import { countEachAs } from '../sdk/sdk-row.ts';
import { ClientDesk } from './client-desk.ts';
import { clientMissing } from './client-missing.ts';

describe.skipIf(clientMissing('gcc', 'gcc libpaho-mqtt-dev'))('Eclipse Paho for C', () => {
  countEachAs('Eclipse Paho for C', 'mqtt', 'key');
  const desk = new ClientDesk();
  let lab: Lab;

  beforeAll(async () => {
    lab = await openLab();
  });
  afterAll(async () => {
    await lab.close();
    desk.close();
  });

  test('sends a message, and receives a message with the topic filter of the Azure samples', async () => {
    const program = desk.file('paho', '');
    const source = join(import.meta.dirname, 'paho.c');
    const compiled = await desk.run('gcc', ['-Wall', '-Werror', '-o', program, source, '-lpaho-mqtt3cs']);
    expect(compiled).toEqual({ code: 0, stdout: '', stderr: '' });
    const { responseBody } = await openRegistry(lab).create({ deviceId: 'paho' });
    const key = Buffer.from(responseBody.authentication?.symmetricKey?.primaryKey ?? '', 'base64');
    const token = hubToken(key, hub, 'paho', Math.ceil(systemClock.now() / 1000) + 3600);
    const sent = lab.cloud.operator.sendToDevice(hub, 'paho', {
      body: Buffer.from('open'),
      properties: { urgent: 'yes' },
    });
    expect(sent).toMatchObject({ ok: true });
    const place = ['localhost', String(lab.cloud.ports.mqtt), desk.file('root.pem', lab.ca)];
    const ended = await desk.run(program, [...place, 'paho', `${hub}/paho/?api-version=2021-04-12`, token]);
    expect(ended).toMatchObject({ code: 0, stderr: '' });
    expect(ended.stdout).toMatch(/^devices\/paho\/messages\/devicebound\/\S*urgent=yes\S* open\n$/);
    expect(lab.messagesFrom('paho').filter((line) => line.includes('{"t":21}'))).toHaveLength(1);
  });
});
