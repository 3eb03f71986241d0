// Certificate renewal of the small client: it sends a certificate request to the hub and reacts to each answer.
import { randomUUID } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

const resFilter = '$iothub/credentials/res/#';

/**
 * Renews the certificate over an open connection when 60 % of its validity have passed. The rest is long enough for the next connection,
 * also on a busy computer. Resolves with the new certificate. The file `pendingFile` stores the request, so that the renewal continues
 * after a reconnect and a power cut.
 */
export async function renewAtHub({ client, deviceId, issued, pendingFile, wrong, makeRequest, takeChain }) {
  const share = wrong('N1') ? 0.2 : 0.6;
  const renewed = new Promise((resolve) => {
    client.on('message', (topic, payload) => {
      void react(topic, payload).then((chain) => chain && resolve(chain));
    });
  });
  let pending = existsSync(pendingFile) ? JSON.parse(readFileSync(pendingFile, 'utf8')) : undefined;
  let loops = 0;

  const ask = async (replace) => {
    const { csr, pem } = await makeRequest();
    pending = { rid: randomUUID(), pem };
    writeFileSync(pendingFile, JSON.stringify(pending));
    const body = { id: wrong('N3') ? `${deviceId}-x` : deviceId, csr, ...(replace ? { replace } : {}) };
    client.publish(`$iothub/credentials/POST/issueCertificate/?$rid=${pending.rid}`, JSON.stringify(body), { qos: 1 });
  };

  const react = async (topic, payload) => {
    const strict = /^\$iothub\/credentials\/res\/(\d+)\/\?\$rid=([^&]+)$/;
    const tolerant = /^\$iothub\/credentials\/res\/(\d+)\/\?\$rid=([^&]+)/;
    const [, status, rid] = (wrong('N8') ? strict : tolerant).exec(topic) ?? [];
    if (status === undefined || rid !== pending?.rid) return undefined;
    const body = JSON.parse(payload.toString());
    const { pem } = pending;
    switch (Number(status)) {
      case 200:
        writeFileSync(pendingFile, 'null');
        return takeChain(body.certificates, pem);
      case 202:
        if (wrong('N4')) await sleep(500).then(() => ask());
        return undefined;
      case 409:
        if (wrong('N5')) {
          if (loops++ < 10) await sleep(50).then(() => ask());
        } else {
          await sleep(500);
          await ask(body.info?.requestId ?? '*');
        }
        return undefined;
      case 412:
        await sleep(500);
        await ask(wrong('N6') ? 'r-0' : undefined);
        return undefined;
      default:
        await sleep(wrong('N7') ? 300 : (body.retryAfter ?? 1) * 1000 + 20);
        await ask();
        return undefined;
    }
  };

  const due = issued.notBefore + (issued.notAfter - issued.notBefore) * share;
  const isContinued = pending !== undefined && pending !== null;
  if (isContinued && (wrong('N10') || wrong('S3'))) return new Promise(() => {});
  if (!isContinued) await sleep(Math.max(0, due - Date.now()));
  if (!wrong('N2')) await client.subscribeAsync(resFilter, { qos: 1 });
  if (!isContinued) await ask();
  else void sleep(2500).then(() => pending && client.connected && ask('*'));
  if (wrong('N2')) await client.subscribeAsync(resFilter, { qos: 1 });
  return renewed;
}
