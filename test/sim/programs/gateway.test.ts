import { once } from 'node:events';
import { connect, createServer, type AddressInfo } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { systemClock } from '../../../core/time/clock.ts';
import { Gateway } from '../../../sim/programs/gateway.ts';

test('the network gateway of a program reports that no data is pending only after several turns of the event loop', async () => {
  const service = createServer((socket) => void socket.resume()).listen(0, '127.0.0.1');
  onTestFinished(() => void service.close());
  await once(service, 'listening');
  const { port } = service.address() as AddressInfo;
  const gateway = await Gateway.open('127.0.0.1', { https: port, mqtt: port, amqp: port }, '127.0.0.1');
  onTestFinished(() => gateway.close());
  const program = connect(gateway.ports.mqtt, gateway.address);
  await once(program, 'connect');
  await new Promise((written) => program.write('a request', written));
  while (gateway.movedBytes === 0) await systemClock.sleep(1);
  await systemClock.sleep(80);
  const answers = Array.from({ length: 10 }, () => gateway.isQuiet(60, 60));
  expect(answers).toEqual([...Array.from({ length: 9 }, () => false), true]);
});
