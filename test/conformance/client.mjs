// A small client of DPS and IoT Hub for the tests of `rehearse conform`. It follows every statement, except the statements whose IDs are in
// CLIENT_WRONG (separated by commas). It uses MQTT, or HTTPS for DPS if CLIENT_TRANSPORT is `https`.
import { createHmac, createPrivateKey, createPublicKey, randomInt, randomUUID, webcrypto } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { request as httpsRequest } from 'node:https';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import 'reflect-metadata';
import { Pkcs10CertificateRequestGenerator, X509Certificate } from '@peculiar/x509';
import mqtt from 'mqtt';
import { renewAtHub } from './client-renewal.mjs';
import { liveWithTpm } from './client-tpm.mjs';

const given = (name) => process.env[`REHEARSAL_${name}`] ?? '';
const wrongs = new Set((process.env.CLIENT_WRONG ?? '').split(','));
const wrong = (id) => wrongs.has(id);
const overHttps = process.env.CLIENT_TRANSPORT === 'https';

const [scope, id, dpsHost] = [given('ID_SCOPE'), given('REGISTRATION_ID'), given('DPS_HOST')];
const roots = readFileSync(given('CA_FILE'), 'utf8').match(/-----BEGIN[^]*?-----END CERTIFICATE-----/g);
const isX509 = given('ATTESTATION') === 'x509';
const isTpm = given('ATTESTATION') === 'tpm';
const key = isX509 || isTpm ? undefined : Buffer.from(readFileSync(given('SYMMETRIC_KEY_FILE'), 'utf8'), 'base64');
const certificates = isX509 ? readFileSync(given('CERT_FILE'), 'utf8') : undefined;
const privateKey = isX509 ? readFileSync(given('KEY_FILE'), 'utf8') : undefined;
const hasCsr = process.env.CLIENT_CSR !== undefined;
const stateFile = join(given('STATE_FOLDER'), 'assignment.json');
const apiVersion = wrong('C3')
  ? '2015-01-01'
  : (process.env.CLIENT_API_VERSION ?? (hasCsr && !wrong('I4') ? '2026-11-01' : '2021-10-01'));
const tokenSeconds = Number(given('TOKEN_SECONDS') || 3600);

class Refused extends Error {
  constructor(status, retryAfter, body) {
    super(`status ${status}`);
    Object.assign(this, { status, retryAfter, body });
  }
}

function log(text) {
  process.stdout.write(`${text}\n`);
}

function tls(host, port, withCertificate = true) {
  const leaf = certificates?.match(/-----BEGIN[^]*?-----END CERTIFICATE-----\n?/)[0];
  return {
    host: given('ADDRESS'),
    port,
    ...(wrong('T9') ? {} : { servername: host }),
    ca: wrong('T5') ? roots[0] : roots,
    rejectUnauthorized: true,
    ...offer(),
    ...(wrong('T1') || wrong('T3') || wrong('L1') ? { rejectUnauthorized: false } : {}),
    checkServerIdentity: (name, certificate) => {
      if (wrong('T2') || wrong('T9')) return undefined;
      if (wrong('T4') && !/Rehearsal Test Root/.test(certificate.issuer.CN)) return new Error('pinned issuer');
      return names(certificate).some((each) => fits(host, each)) ? undefined : new Error(`certificate of ${name}`);
    },
    ...(isX509 && withCertificate ? { cert: wrong('T10') ? leaf : certificates, key: privateKey } : {}),
  };
}

const eight = ['ECDSA', 'RSA'].flatMap((kind) => [
  `ECDHE-${kind}-AES256-GCM-SHA384`,
  `ECDHE-${kind}-AES128-GCM-SHA256`,
  `ECDHE-${kind}-AES256-SHA384`,
  `ECDHE-${kind}-AES128-SHA256`,
]);

function offer() {
  if (wrong('T6')) return { minVersion: 'TLSv1.3' };
  if (wrong('T7'))
    return { maxVersion: 'TLSv1.2', ciphers: 'ECDHE-RSA-CHACHA20-POLY1305:ECDHE-ECDSA-CHACHA20-POLY1305' };
  return { minVersion: 'TLSv1.2', ciphers: [...eight, ...(wrong('T8') ? ['AES128-GCM-SHA256'] : [])].join(':') };
}

function names({ subjectaltname = '' }) {
  return subjectaltname.split(', ').map((each) => each.replace(/^DNS:/, ''));
}

function fits(host, name) {
  return name === host || (name.startsWith('*.') && host.split('.').slice(1).join('.') === name.slice(2));
}

function token(resource, keyName, signingKey = key) {
  const seconds = wrong('K3') ? 400_000 : tokenSeconds;
  const now = Math.floor(Date.now() / 1000) + (wrong('L2') ? 600 : 0);
  if (now < 1.7e9 && !wrong('L1')) throw new Error('the clock is wrong');
  const se = now + (wrong('K1') ? -60 : seconds);
  const sr = encodeURIComponent(resource);
  const sig = createHmac('sha256', signingKey).update(`${sr}\n${se}`).digest('base64');
  return `SharedAccessSignature sr=${sr}&sig=${encodeURIComponent(sig)}&se=${se}${keyName ? `&skn=${keyName}` : ''}`;
}

function connectMqtt(host, options) {
  return new Promise((resolve, reject) => {
    const client = mqtt.connect({
      protocol: 'mqtts',
      protocolVersion: wrong('C1') ? 5 : 4,
      reconnectPeriod: 0,
      connectTimeout: 8000,
      ...tls(host, Number(given('MQTT_PORT')), options.withCertificate),
      ...options,
    });
    client.once('connect', (packet) => resolve(Object.assign(client, { hadSession: packet.sessionPresent })));
    client.once('error', (error) => {
      client.end(true);
      reject(Object.assign(error, { connack: error.code }));
    });
    client.once('close', () => reject(new Error('closed')));
  });
}

function registerBody(members) {
  return JSON.stringify({
    registrationId: wrong('R2') ? `${id}-x` : id,
    ...(wrong('R3') ? { payload: 'text' } : { payload: { model: 'm1' } }),
    ...members,
  });
}

const usage = { name: 'ECDSA', namedCurve: 'P-384', hash: 'SHA-384' };

/** Makes a key and a certificate request: base64 of DER. */
async function makeRequest() {
  const keys = await webcrypto.subtle.generateKey(usage, true, ['sign', 'verify']);
  const other = wrong('I3') ? await webcrypto.subtle.generateKey(usage, true, ['sign', 'verify']) : keys;
  const request = await Pkcs10CertificateRequestGenerator.create(
    {
      name: [{ CN: [wrong('I2') ? `${id}-x` : id] }],
      keys: { privateKey: other.privateKey, publicKey: keys.publicKey },
      signingAlgorithm: usage,
    },
    webcrypto,
  );
  const pem = `-----BEGIN PRIVATE KEY-----\n${Buffer.from(await webcrypto.subtle.exportKey('pkcs8', keys.privateKey)).toString('base64')}\n-----END PRIVATE KEY-----\n`;
  return { csr: wrong('I1') ? request.toString('pem') : Buffer.from(request.rawData).toString('base64'), pem };
}

let lastRequest;

async function certificateRequest() {
  if (lastRequest === undefined || !wrong('I9')) lastRequest = await makeRequest();
  return lastRequest;
}

/** Returns the credentials from an issued chain. Throws if the first certificate of the chain has another key than the request. */
function takeChain(chain, pem) {
  const toPem = (der) => `-----BEGIN CERTIFICATE-----\n${der}\n-----END CERTIFICATE-----\n`;
  const own = createPublicKey(createPrivateKey(pem)).export({ type: 'spki', format: 'der' });
  const fitsKey = (der) => Buffer.from(new X509Certificate(Buffer.from(der, 'base64')).publicKey.rawData).equals(own);
  const leaf = wrong('I5') ? chain.find(fitsKey) : chain[0];
  if (leaf === undefined || !fitsKey(leaf)) throw new Error('the issued certificate has another key');
  const { notBefore, notAfter } = new X509Certificate(Buffer.from(leaf, 'base64'));
  const issuer = chain[chain.indexOf(leaf) === 0 ? 1 : chain.indexOf(leaf) - 1];
  const cert = wrong('I7') ? toPem(leaf) : toPem(leaf) + toPem(issuer);
  return { cert, key: pem, notBefore: notBefore.getTime(), notAfter: notAfter.getTime() };
}

/** Opens a connection to DPS over MQTT for one registration. */
async function openMqttDps() {
  const client = await connectMqtt(dpsHost, {
    clientId: wrong('C2') ? `${id}-client` : id,
    username: `${scope}/registrations/${id}/api-version=${apiVersion}`,
    ...(isX509
      ? wrong('C5')
        ? { password: 'secret' }
        : {}
      : { password: token(`${scope}/registrations/${id}`, wrong('K1') ? undefined : 'registration') }),
    clean: true,
  });
  const waiting = new Map();
  let any;
  client.on('message', (topic, payload) => {
    const [, status, query] = /res\/(\d+)\/\?(.*)/.exec(topic);
    const words = new URLSearchParams(query);
    const answer = { status: Number(status), retryAfter: words.get('retry-after'), body: parse(payload) };
    (wrong('R4') ? any : waiting.get(words.get('$rid')))?.(answer);
  });
  client.on('close', () => [...waiting.values()].forEach((answer) => answer({ status: 0 })));
  if (!wrong('R1')) await client.subscribeAsync('$dps/registrations/res/#', { qos: wrong('C10') ? 2 : 1 });
  const ask = async (topic, body) => {
    const rid = randomUUID();
    const answer = new Promise((resolve) => {
      any = resolve;
      waiting.set(rid, resolve);
    });
    await client.publishAsync(topic(rid), body, { qos: 1 });
    if (wrong('R1')) await client.subscribeAsync('$dps/registrations/res/#', { qos: 1 });
    const first = await Promise.race([answer, sleep(4000).then(() => ({ status: 0 }))]);
    return first;
  };
  return {
    register: (members) => ask((rid) => `$dps/registrations/PUT/iotdps-register/?$rid=${rid}`, registerBody(members)),
    poll: (operation) =>
      ask((rid) => `$dps/registrations/GET/iotdps-get-operationstatus/?$rid=${rid}&operationId=${operation}`, ''),
    close: () => client.end(true),
  };
}

function parse(payload) {
  if (wrong('E4')) return JSON.parse(payload.toString());
  try {
    return JSON.parse(payload.toString());
  } catch {
    return {};
  }
}

/** DPS over HTTPS. */
function openHttpsDps() {
  const call = (method, path, body) =>
    new Promise((resolve, reject) => {
      const outgoing = httpsRequest(
        {
          ...tls(dpsHost, Number(given('HTTPS_PORT'))),
          method,
          path: `/${scope}/registrations/${id}/${path}?api-version=${apiVersion}`,
          headers: {
            Host: dpsHost,
            'Content-Type': 'application/json; charset=utf-8',
            ...(isX509 ? {} : { Authorization: token(`${scope}/registrations/${id}`, 'registration') }),
          },
          agent: false,
        },
        (incoming) => {
          const parts = [];
          incoming.on('data', (part) => parts.push(part));
          incoming.on('end', () => {
            try {
              resolve({
                status: incoming.statusCode,
                retryAfter: incoming.headers['retry-after'],
                body: parse(Buffer.concat(parts)),
              });
            } catch (error) {
              reject(error);
            }
          });
        },
      );
      outgoing.on('error', reject);
      outgoing.end(body);
    });
  return {
    register: (members) => call('PUT', 'register', registerBody(members)),
    poll: (operation) => call('GET', `operations/${encodeURIComponent(operation)}`),
    close: () => {},
  };
}

/** Waits for the time that DPS gives in retry-after. Without retry-after, waits by exponential back-off with jitter. */
async function waitFor(retryAfter, attempt, least = 1000) {
  if (wrong('Q5')) return sleep(retryAfter === null || retryAfter === undefined ? 300 : Number(retryAfter));
  if (wrong('L3')) {
    for (const end = Date.now() + Number(retryAfter ?? 1) * 1000 + 20; Date.now() < end;) await sleep(50);
    return undefined;
  }
  if (retryAfter !== null && retryAfter !== undefined) {
    if (wrong('Q1') || wrong('P1')) return sleep(Number(retryAfter) * 600);
    return sleep(Number(retryAfter) * 1000 + 20);
  }
  if (wrong('Q2')) return sleep(200);
  const jitter = (randomInt(1000) / 1000) * least * 2 ** attempt;
  return sleep(Math.min(least * 2 ** attempt + jitter, 30_000));
}

/** Registers once. Throws `Refused` if DPS refuses the registration. */
async function registerOnce() {
  const asked = hasCsr ? await certificateRequest() : undefined;
  const members = asked === undefined ? {} : { csr: asked.csr };
  const dps = overHttps ? openHttpsDps() : await openMqttDps();
  try {
    let answer = await dps.register(members);
    if (wrong('Q3') && answer.status === 429) {
      // Statement Q3 requires that a fleet spreads its retries. Here all clients wait for the same time and then use their open
      // connections, because new handshakes would spread the requests.
      await sleep(1000);
      answer = await dps.register(members);
    }
    if (answer.status >= 400 || answer.status === 0) {
      if (wrong('E1') && answer.status === 401) await dps.register(members);
      throw new Refused(answer.status, answer.retryAfter, answer.body);
    }
    if (wrong('P5') && answer.status === 200) throw new Error('expected 202');
    const { operationId } = answer.body;
    if (wrong('R9')) await dps.register(members);
    for (let polls = 0; ; polls++) {
      const { status } = answer.body;
      if (status === 'assigned') {
        if (wrong('P4')) await dps.poll(operationId);
        if (wrong('R6') && Object.keys(answer.body).some((name) => name.startsWith('future')))
          throw new Error('unknown member');
        const state = answer.body.registrationState;
        const chain = state.issuedCertificateChain;
        const issued = chain && !wrong('I6') ? takeChain(chain, asked.pem) : undefined;
        return { ...state, issuedCertificateChain: undefined, issued };
      }
      if (status === 'failed' || status === 'disabled') {
        // The client uses the same connection, because a new handshake on a busy computer could look like a wait before the retry.
        if (wrong('E7') && status === 'failed') await dps.register(members);
        if (!wrong('P4')) throw new Refused(0, undefined, answer.body);
        await dps.poll(operationId);
      }
      if (status !== 'assigning' && status !== 'unassigned' && !wrong('P6'))
        throw new Error(`unknown status ${status}`);
      if (polls > 8 && !wrong('P6') && !wrong('P7')) throw new Error('the assignment does not end');
      if (answer.retryAfter === undefined || answer.retryAfter === null)
        await sleep(wrong('P3') ? 300 : wrong('P6') ? 500 : 2100);
      else await waitFor(answer.retryAfter, 0);
      answer = await dps.poll(wrong('P2') ? operationId.toLowerCase().replace(/[^a-z0-9.-]/g, '') : operationId);
      for (let again = 0; answer.status === 429 || answer.status >= 500; again++) {
        if (wrong('P8')) throw new Refused(answer.status, answer.retryAfter, answer.body);
        await waitFor(answer.retryAfter, again);
        answer = await dps.poll(operationId);
      }
      if (answer.status >= 400 || answer.status === 0) throw new Refused(answer.status, answer.retryAfter, answer.body);
    }
  } finally {
    dps.close();
  }
}

/** Registers until DPS assigns the device. */
async function register() {
  for (let attempt = 0; ; attempt++) {
    try {
      return await registerOnce();
    } catch (error) {
      log(`registration: ${error.message}`);
      const status = error.status ?? error.connack;
      if (wrong('Q4') && status === 429) process.exit(1);
      if (wrong('E3') && status === 503) process.exit(1);
      if (wrong('E4') && error instanceof SyntaxError) process.exit(1);
      if (wrong('E6') && error.connack === 3) process.exit(1);
      if (wrong('E2') && status === 401) await sleep(100);
      else if (wrong('E5') && error.connack === 5) await sleep(10);
      else await waitFor(error.retryAfter, attempt);
    }
  }
}

async function connectHub({ assignedHub, deviceId, issued }) {
  const host = wrong('C11') ? assignedHub.toUpperCase() : assignedHub;
  const name = wrong('R5') ? id : deviceId;
  return connectMqtt(assignedHub, {
    ...(issued === undefined ? {} : { cert: issued.cert, key: issued.key }),
    clientId: wrong('C6') ? `${name}-client` : name,
    username: `${host}/${name}/${wrong('C4') ? '' : '?api-version=2025-08-01-preview'}`,
    ...(isX509 || issued
      ? wrong('C5')
        ? { password: 'secret' }
        : {}
      : { password: token(`${assignedHub}/devices/${name}`) }),
    clean: wrong('H1') || wrong('N10') || wrong('S3'),
    keepalive: wrong('C7') ? 0 : 240,
    withCertificate: !wrong('T11'),
    will: { topic: `devices/${name}/messages/events/`, payload: '{"gone":true}', qos: 1 },
  });
}

/** Stays connected to the hub until the connection ends. Returns the reason of the end. */
async function visitHub(assignment, visit) {
  const client = await connectHub(assignment);
  const { deviceId } = assignment;
  const ended = new Promise((resolve) => client.once('close', () => resolve('closed')));
  client.on('error', () => {});
  client.on('message', (topic, payload) => {
    const rid = /\$iothub\/methods\/POST\/[^/]+\/\?\$rid=(.*)/.exec(topic)?.[1];
    if (rid === undefined) return;
    const status = wrong('H4') ? 'ok' : 200;
    client.publish(`$iothub/methods/res/${status}/?$rid=${rid}`, payload.length > 0 ? '{"done":true}' : '', { qos: 0 });
  });
  if (wrong('H5')) client.handleMessage = (_packet, done) => done(new Error('no PUBACK'));
  const filters = [`devices/${deviceId}/messages/devicebound/#`, '$iothub/twin/res/#', '$iothub/methods/POST/#'];
  if (wrong('C9'))
    filters.push(
      '$iothub/twin/PATCH/properties/desired/#',
      '$iothub/twin/#',
      '$iothub/methods/#',
      '$iothub/twin/res/200/#',
    );
  const subscribes = visit === 0 || !wrong('H7');
  if (wrong('H2')) await client.publishAsync('$iothub/twin/GET/?$rid=1', '', { qos: 0 });
  if (subscribes) await client.subscribeAsync(filters, { qos: 1 });
  if (!wrong('H2') && (visit === 0 || !wrong('H3')))
    await client.publishAsync('$iothub/twin/GET/?$rid=1', '', { qos: 0 });
  const text = wrong('H6') ? 'x'.repeat(262_200) : '{"hello":1}';
  const second = wrong('C8') ? connectHub(assignment).catch(() => {}) : undefined;
  await Promise.race([
    ended,
    client.publishAsync(`devices/${deviceId}/messages/events/`, text, { qos: wrong('C10') ? 2 : 1 }),
  ]);
  log('in service');
  await second;
  const renew =
    isX509 || issued0(assignment) || tokenSeconds > 60
      ? new Promise(() => {})
      : sleep(wrong('K2') ? tokenSeconds * 3000 : tokenSeconds * 400);
  const tick = setInterval(
    () => client.connected && client.publish(`devices/${deviceId}/messages/events/`, text, { qos: 1 }),
    1000,
  );
  const pendingFile = join(given('STATE_FOLDER'), 'pending.json');
  const { issued } = assignment;
  const renewed = issued
    ? renewAtHub({ client, deviceId, issued, pendingFile, wrong, makeRequest, takeChain }).then((next) => {
        if (!wrong('N9')) assignment.issued = next;
        writeFileSync(stateFile, JSON.stringify(assignment));
        return 'renewed';
      })
    : new Promise(() => {});
  const reason = await Promise.race([ended, renew.then(() => 'renewal'), renewed]);
  clearInterval(tick);
  await new Promise((resolve) => client.end(false, {}, resolve));
  return reason;
}

function issued0({ issued }) {
  return issued !== undefined;
}

async function main() {
  process.on('SIGTERM', () => process.exit(0));
  if (isTpm) return liveWithTpm({ given, wrong, log, tls, connectMqtt });
  const bootFile = join(given('STATE_FOLDER'), 'booted');
  if ((wrong('S1') || wrong('S2')) && existsSync(bootFile)) process.exit(1);
  writeFileSync(bootFile, '');
  let assignment = existsSync(stateFile) && !wrong('R8') ? JSON.parse(readFileSync(stateFile, 'utf8')) : undefined;
  let [refusals, registrations, visits] = [0, 0, 0];
  for (;;) {
    if (assignment === undefined) {
      if (registrations++ > 1 && !wrong('B6')) await sleep(Math.min(2000 * 2 ** registrations, 60_000));
      assignment = await register();
      if ((wrong('S4') || wrong('B5')) && existsSync(stateFile))
        assignment = JSON.parse(readFileSync(stateFile, 'utf8'));
      else writeFileSync(stateFile, JSON.stringify(assignment));
    }
    if (assignment.connectionProfile && assignment.connectionProfile !== 'classic' && !wrong('R7')) process.exit(3);
    try {
      log(`hub: ${await visitHub(assignment, visits++)}`);
      [refusals, registrations] = [0, 0];
      if (tokenSeconds > 60) await sleep(300);
    } catch (error) {
      log(`hub: ${error.message}`);
      refusals++;
      if (error.connack === 5 && !wrong('B3') && !wrong('I8') && !wrong('N11')) {
        assignment = undefined;
        continue;
      }
      if (refusals >= 10 && !wrong('B2')) {
        assignment = undefined;
        refusals = 0;
        continue;
      }
      const grown = Math.min(5000 * 2 ** (refusals - 1), 60_000) * (1 + randomInt(100) / 1000);
      await sleep(wrong('B1') || wrong('B2') ? 300 : wrong('B4') ? 100 * 2 ** refusals : grown);
    }
  }
}

await main();
