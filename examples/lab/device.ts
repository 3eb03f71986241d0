import { createHmac } from 'node:crypto';
import { connectAsync } from 'mqtt';
import type { Lab } from 'dps-rehearsal';

/**
 * The device under test: registers over MQTT with a symmetric key. Replace it by your firmware or program. Returns the last status.
 *
 * @throws Error if DPS refuses the device.
 */
export async function register(lab: Lab, registrationId: string, key: string): Promise<string> {
  const sr = `${lab.idScope}%2Fregistrations%2F${registrationId}`;
  const se = Math.floor(Date.parse(await lab.now()) / 1000) + 600;
  const sig = createHmac('sha256', Buffer.from(key, 'base64')).update(`${sr}\n${se}`).digest('base64');
  const client = await connectAsync({
    protocol: 'mqtts',
    host: lab.address,
    port: lab.ports.mqtt,
    servername: lab.hosts.device,
    ca: lab.trust.pem,
    clientId: registrationId,
    username: `${lab.idScope}/registrations/${registrationId}/api-version=2021-06-01`,
    password: `SharedAccessSignature sr=${sr}&sig=${encodeURIComponent(sig)}&se=${se}&skn=registration`,
    protocolVersion: 4,
    reconnectPeriod: 0,
    connectTimeout: 10_000,
  });
  try {
    await client.subscribeAsync('$dps/registrations/res/#');
    await client.publishAsync('$dps/registrations/PUT/iotdps-register/?$rid=1', JSON.stringify({ registrationId }));
    for (;;) {
      const answer = await nextAnswer(client);
      if (answer.errorCode !== undefined) throw new Error(`DPS refused ${registrationId}: ${answer.errorCode}`);
      if (answer.status !== 'assigning') return answer.status;
      const poll = `$dps/registrations/GET/iotdps-get-operationstatus/?$rid=2&operationId=${answer.operationId}`;
      await client.publishAsync(poll, '');
    }
  } finally {
    await client.endAsync(true);
  }
}

function nextAnswer(client: Awaited<ReturnType<typeof connectAsync>>): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const late = setTimeout(() => reject(new Error('DPS did not answer within 10 s')), 10_000);
    client.once('message', (_topic, message) => {
      clearTimeout(late);
      resolve(JSON.parse(message.toString()) as Answer);
    });
  });
}

interface Answer {
  readonly status: string;
  readonly operationId: string;
  readonly errorCode?: number;
}
