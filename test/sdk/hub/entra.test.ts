import { request } from 'node:https';
import device from 'azure-iot-device';
import provisioning from 'azure-iot-provisioning-service';
import iothub from 'azure-iothub';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { systemClock } from '../../../core/time/clock.ts';
import { failureOf, ToLab } from '../clients.ts';
import { openAmqpServiceClientWith } from '../hub-clients.ts';
import { hub, openLab, type Lab } from '../lab.ts';
import { countAs } from '../sdk-row.ts';

let lab: Lab;

beforeAll(async () => {
  lab = await openLab();
});
afterAll(() => lab.close());

interface AccessToken {
  readonly token: string;
  readonly expiresOnTimestamp: number;
}

/** A TokenCredential of `@azure/core-auth` that gets its tokens from the directory of the lab with a client secret. */
class ClientSecret {
  readonly #secret: string | undefined;

  /** @param secret default: the secret of the application. */
  constructor(secret?: string) {
    this.#secret = secret;
  }

  async getToken(scope: string | readonly string[]): Promise<AccessToken> {
    const [application] = lab.cloud.entra.applications;
    const form = new URLSearchParams({
      grant_type: 'client_credentials',
      client_id: application?.clientId ?? '',
      client_secret: this.#secret ?? application?.clientSecret ?? '',
      scope: String(scope),
    });
    const answer = await post(`/${lab.cloud.entra.tenantId}/oauth2/v2.0/token`, form.toString());
    if (typeof answer['access_token'] !== 'string') throw new Error(String(answer['error_description']));
    const expiresOnTimestamp = systemClock.now() + Number(answer['expires_in']) * 1000;
    return { token: answer['access_token'], expiresOnTimestamp };
  }
}

function post(path: string, body: string): Promise<Readonly<Record<string, unknown>>> {
  const headers = { 'Content-Type': 'application/x-www-form-urlencoded' };
  const agent = new ToLab(lab, 'login.microsoftonline.com');
  return new Promise((resolve, reject) => {
    const sent = request({ host: 'login.microsoftonline.com', method: 'POST', path, headers, agent }, (answer) => {
      let text = '';
      answer.setEncoding('utf8').on('data', (part: string) => (text += part));
      answer.on('end', () => resolve(JSON.parse(text) as Readonly<Record<string, unknown>>));
    });
    sent.on('error', reject);
    sent.end(body);
  });
}

interface HasRestClient {
  readonly _restApiClient: { setOptions(options: object): void };
}

function toLab<Client>(client: Client, host: string): Client {
  (client as unknown as HasRestClient)._restApiClient.setOptions({ http: { agent: new ToLab(lab, host) } });
  return client;
}

test('the registry client of the Node SDK works with a token credential', async (context) => {
  countAs(context, 'Node hub service SDK', 'https', 'policy');
  const registry = toLab(iothub.Registry.fromTokenCredential(hub, new ClientSecret() as never), hub);
  await registry.create({ deviceId: 'by-entra' });
  expect((await registry.get('by-entra')).responseBody.deviceId).toBe('by-entra');
});

test('the service client of the Node SDK sends a message over AMQP with a token credential', async (context) => {
  countAs(context, 'Node hub service SDK', 'amqp', 'policy');
  const registry = toLab(iothub.Registry.fromTokenCredential(hub, new ClientSecret() as never), hub);
  await registry.create({ deviceId: 'by-amqp' });
  const client = await openAmqpServiceClientWith(lab, {
    host: hub,
    tokenCredential: new ClientSecret(),
    tokenScope: 'https://iothubs.azure.net/.default',
  });
  await client.send('by-amqp', new device.Message('hello') as never);
  expect((await registry.get('by-amqp')).responseBody.cloudToDeviceMessageCount).toBe(1);
  await client.close();
});

test('the provisioning service client of the Node SDK works with a token credential', async (context) => {
  countAs(context, 'Node provisioning service SDK', 'https', 'policy');
  const host = lab.cloud.serviceAccess.host;
  const client = toLab(
    provisioning.ProvisioningServiceClient.fromTokenCredential(host, new ClientSecret() as never),
    host,
  );
  const enrollment = { registrationId: 'by-entra', attestation: { type: 'symmetricKey' } } as never;
  await client.createOrUpdateIndividualEnrollment(enrollment);
  expect((await client.getIndividualEnrollment('by-entra')).responseBody.registrationId).toBe('by-entra');
});

test('the directory refuses a wrong client secret before the hub gets a request', async (context) => {
  countAs(context, 'Node hub service SDK', 'https', 'policy');
  const registry = toLab(iothub.Registry.fromTokenCredential(hub, new ClientSecret('wrong') as never), hub);
  expect((await failureOf(registry.get('by-entra'))).message).toMatch(/AADSTS7000215/);
});
