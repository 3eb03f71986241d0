// A small client with a TPM for the tests of `rehearse conform`. It registers over HTTPS and uses the hub over MQTT. It stores the
// registration key and the hub key at different handles of the TPM, so that an incomplete registration does not lose the hub key.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { request } from 'node:https';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const handleOfSdks = Buffer.from('81000100', 'hex');
const handleOfRegistration = Buffer.from('81000110', 'hex');

/** Registers and uses the hub until the process ends. @param client the functions of the client without a TPM. */
export async function liveWithTpm({ given, wrong, log, tls, connectMqtt }) {
  // Only clients with a TPM load this code.
  const { tpmAtSocket } = await import('./clients/tpm-at-socket.ts');
  const [scope, id] = [given('ID_SCOPE'), given('REGISTRATION_ID')];
  const hubTpm = await tpmAtSocket(given('TPM_SOCKET'));
  const registrationTpm = wrong('M4') ? hubTpm : await tpmAtSocket(given('TPM_SOCKET'), toOtherHandle);
  const keyFile = join(given('STATE_FOLDER'), 'storage-root-key');
  const stateFile = join(given('STATE_FOLDER'), 'assignment.json');

  const token = async (tpm, resource, keyName) => {
    const [sr, se] = [encodeURIComponent(resource), Math.floor(Date.now() / 1000) + 3600];
    const signed = await tpm.signWithIdentity(Buffer.from(`${sr}\n${se}`));
    if (!signed.ok) throw new Error('the TPM has no key');
    const sig = encodeURIComponent(signed.value.toString('base64'));
    return `SharedAccessSignature sr=${sr}&sig=${sig}&se=${se}${keyName ? `&skn=${keyName}` : ''}`;
  };
  const call = (method, path, authorization, body) =>
    new Promise((resolve, reject) => {
      const outgoing = request(
        {
          ...tls(given('DPS_HOST'), Number(given('HTTPS_PORT')), false),
          method,
          path: `/${scope}/registrations/${id}/${path}?api-version=2021-10-01`,
          headers: {
            Host: given('DPS_HOST'),
            'Content-Type': 'application/json; charset=utf-8',
            ...(authorization === undefined ? {} : { Authorization: authorization }),
          },
          agent: false,
        },
        (incoming) => {
          const parts = [];
          incoming.on('data', (part) => parts.push(part));
          incoming.on('end', () => resolve({ status: incoming.statusCode, body: JSON.parse(Buffer.concat(parts)) }));
        },
      );
      outgoing.on('error', reject);
      outgoing.end(body);
    });
  const storageRootKey = async () => {
    if (wrong('M5') && existsSync(keyFile)) return readFileSync(keyFile, 'utf8');
    const key = (await hubTpm.storageRootKey()).toString('base64');
    writeFileSync(keyFile, key);
    return key;
  };
  const registerOverMqtt = async (body) => {
    const client = await connectMqtt(given('DPS_HOST'), {
      clientId: id,
      username: `${scope}/registrations/${id}/api-version=2021-10-01`,
    });
    await client.publishAsync('$dps/registrations/PUT/iotdps-register/?$rid=1', body, { qos: 1 });
    await sleep(10_000);
  };
  const registerOnce = async () => {
    const endorsementKey = (await hubTpm.endorsementKey()).toString('base64');
    const tpm = { endorsementKey, storageRootKey: await storageRootKey() };
    const body = JSON.stringify({ registrationId: id, tpm });
    if (wrong('M3')) await registerOverMqtt(body);
    const early = wrong('M1') ? `SharedAccessSignature sr=${scope}&sig=AAAA&se=2000000000&skn=registration` : undefined;
    const challenge = await call('PUT', 'register', early, body);
    const wrapped = challenge.body.authenticationKey;
    if (challenge.status !== 401 || wrapped === undefined) throw new Error(`status ${challenge.status}`);
    if (wrong('M2')) throw new Error('unauthorised');
    await registrationTpm.activateIdentity(Buffer.from(wrapped, 'base64'));
    const authorization = await token(registrationTpm, `${scope}/registrations/${id}`, 'registration');
    let answer = await call('PUT', 'register', authorization, body);
    while (answer.body.status === 'assigning') {
      await sleep(2100);
      answer = await call('GET', `operations/${answer.body.operationId}`, authorization);
    }
    const state = answer.body.registrationState;
    if (answer.body.status !== 'assigned') throw new Error(`status ${answer.status}`);
    await hubTpm.activateIdentity(Buffer.from(state.tpm.authenticationKey, 'base64'));
    const assignment = { assignedHub: state.assignedHub, deviceId: state.deviceId };
    writeFileSync(stateFile, JSON.stringify(assignment));
    return assignment;
  };
  const visitHub = async ({ assignedHub, deviceId }) => {
    const client = await connectMqtt(assignedHub, {
      clientId: deviceId,
      username: `${assignedHub}/${deviceId}/?api-version=2021-04-12`,
      password: await token(hubTpm, `${assignedHub}/devices/${deviceId}`),
      clean: false,
    });
    const ended = new Promise((done) => client.once('close', done));
    for (let isOpen = true; isOpen; isOpen = await Promise.race([ended.then(() => false), sleep(400, true)]))
      client.publish(`devices/${deviceId}/messages/events/`, '{"hello":1}', { qos: 1 });
  };

  let assignment = existsSync(stateFile) ? JSON.parse(readFileSync(stateFile, 'utf8')) : undefined;
  for (;;) {
    try {
      assignment ??= await registerOnce();
      await visitHub(assignment);
    } catch (error) {
      log(`with the TPM: ${error.message}`);
      if (error.connack === 5 || /no key/.test(error.message)) assignment = undefined;
      else await sleep(wrong('M2') || wrong('M1') ? 60_000 : 5000);
    }
  }
}

/** Replaces, in a TPM command, the handle at which SDKs store the registration key by the handle that this client uses for it. */
function toOtherHandle(command) {
  const changed = Buffer.from(command);
  for (let at = changed.indexOf(handleOfSdks); at !== -1; at = changed.indexOf(handleOfSdks, at + 4))
    handleOfRegistration.copy(changed, at);
  return changed;
}
