import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import { normaliseHistory } from '../../../core/history/normalise-history.ts';
import { loadInterception } from '../../../sim/world/third-parties.ts';
import { openWebhookStandIn, type WebhookStandIn } from '../../../sim/world/webhook-stand-in.ts';
import { openWebhook, saying } from '../../mocks/clients/webhook-server.ts';
import { playText } from '../play.ts';

beforeAll(loadInterception);

const opened: WebhookStandIn[] = [];
afterEach(() => opened.splice(0).forEach((one) => one.close()));

function open(words: Parameters<typeof openWebhookStandIn>[0]): WebhookStandIn {
  const standIn = openWebhookStandIn(words);
  opened.push(standIn);
  return standIn;
}

const ask = async (url: string): Promise<unknown> => (await fetch(url, { method: 'POST', body: '{}' })).json();

describe('the simulated webhook', () => {
  test('has a unique host name, so that simulations are independent', async () => {
    const [one, other] = [open({ answer: 'hub-eu' }), open({ answer: 'hub-us', payload: 7 })];
    expect(one.url).not.toBe(other.url);
    expect(await ask(one.url)).toEqual({ iotHubHostName: 'hub-eu.azure-devices.net' });
    one.close();
    expect(await ask(other.url)).toEqual({ iotHubHostName: 'hub-us.azure-devices.net', payload: 7 });
    await expect(fetch(one.url)).rejects.toThrow('fetch failed');
  });

  test('passes requests to other hosts on to the network', async () => {
    open({ answer: 'hub-eu' });
    const real = await openWebhook();
    real.answerWith(saying({ real: true }));
    expect(await ask(real.url)).toEqual({ real: true });
    await real.close();
  });

  test('restores the global `fetch` when the last webhook closes', async () => {
    const before = globalThis.fetch;
    const [one, other] = [open({ answer: 'hub-eu' }), open({ answer: 'hub-eu' })];
    expect(globalThis.fetch).not.toBe(before);
    one.close();
    one.close();
    expect(await ask(other.url)).toEqual({ iotHubHostName: 'hub-eu.azure-devices.net' });
    other.close();
    expect(globalThis.fetch).toBe(before);
    await expect(fetch(other.url)).rejects.toThrow('fetch failed');
  });

  test('gives another answer after the answer is changed', async () => {
    const webhook = open({ answer: 'hub-eu' });
    webhook.answerWith({ answer: { status: 418 } });
    expect((await fetch(webhook.url)).status).toBe(418);
    webhook.answerWith({ answer: 'broken-json' });
    expect(await (await fetch(webhook.url)).text()).toBe('{"iotHubHostName":');
  });

  test('ends a slow answer when the client disconnects', async () => {
    const webhook = open({ answer: 'slow' });
    await expect(fetch(webhook.url, { signal: AbortSignal.timeout(50) })).rejects.toThrow(/abort|timeout/i);
  });
});

const world = (hub: string): string => `
title: Devices of a CA group whose hub a webhook chooses
pki: { root: {}, ca: { issuer: root } }
cloud:
  hubs: [hub-eu, { name: hub-us, weight: 7 }]
  webhook: { answer: ${hub}, initialTwin: { tags: { site: A } } }
  enrollmentGroups: { line: { x509: { ca: ca }, allocation: custom } }
devices: { thermostat: { attestation: x509, count: 3 } }
timeline:
  - issue-certificate: { device: thermostat, from: ca }
  - power-on: thermostat
    after: P1M
    expect: { assigned: ${hub}, substatus: initialAssignment }
  - change-hubs: { group: line, hubs: [${hub}] }
  - register: thermostat
    after: P1M
    expect: { assigned: ${hub} }
`;

describe('simulations with webhooks', () => {
  test('run in parallel in one process, each with its own webhook', async () => {
    const runs = await Promise.all(['hub-eu', 'hub-us', 'hub-eu'].map((hub) => playText(world(hub))));
    expect(runs.map(([run]) => run?.verdict)).toEqual([1, 2, 3].map(() => ({ kind: 'pass', reason: 'as expected' })));
  });

  test('have the same normalised history for the same seed', async () => {
    const histories = new Set<string>();
    for (let play = 0; play < 3; play++) {
      const [run] = await playText(world('hub-us'));
      histories.add(normaliseHistory(run?.history ?? []));
    }
    expect(histories.size).toBe(1);
  });

  test('restore the global `fetch` when the simulations end', async () => {
    const before = globalThis.fetch;
    await playText(world('hub-us'));
    expect(globalThis.fetch).toBe(before);
  });
});
