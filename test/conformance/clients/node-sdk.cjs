// Microsoft's Node SDK as a client of `rehearse conform`: registers, opens the hub with the defaults of the SDK, and sends telemetry. It
// ends at the first error that the SDK reports, as the samples of the SDK do. CLIENT_TRANSPORT: mqtt, mqtt-ws, amqp, amqp-ws or https.
const { readFileSync } = require('node:fs');
const tls = require('node:tls');

const given = (name) => process.env[`REHEARSAL_${name}`] ?? '';
const ca = readFileSync(given('CA_FILE'), 'utf8').match(/-----BEGIN[^]*?-----END CERTIFICATE-----/g);
const ports = { 443: given('HTTPS_PORT'), 8883: given('MQTT_PORT'), 5671: given('AMQP_PORT') };

// The SDK uses the real names and ports. This leads its connections to the lab, like a DNS server and a gateway would.
const connect = tls.connect;
tls.connect = (...words) => {
  const options = words.find((word) => typeof word === 'object' && word !== null) ?? {};
  const [port, host] = [options.port ?? words[0], options.host ?? options.servername ?? words[1]];
  const done = words.find((word) => typeof word === 'function');
  const led = { ...options, host: given('ADDRESS'), port: Number(ports[port] ?? port), servername: host, ca };
  return done === undefined ? connect(led) : connect(led, done);
};

const {
  Client,
  Message,
  X509AuthenticationProvider,
  SharedAccessKeyAuthenticationProvider,
} = require('azure-iot-device');
const { Amqp: HubAmqp, AmqpWs: HubAmqpWs } = require('azure-iot-device-amqp');
const { Http: HubHttp } = require('azure-iot-device-http');
const { Mqtt: HubMqtt, MqttWs: HubMqttWs } = require('azure-iot-device-mqtt');
const { ProvisioningDeviceClient } = require('azure-iot-provisioning-device');
const { Amqp, AmqpWs } = require('azure-iot-provisioning-device-amqp');
const { Http } = require('azure-iot-provisioning-device-http');
const { Mqtt, MqttWs } = require('azure-iot-provisioning-device-mqtt');
const { SymmetricKeySecurityClient } = require('azure-iot-security-symmetric-key');
const { TpmAuthenticationProvider, TpmSecurityClient } = require('azure-iot-security-tpm');
const { X509Security } = require('azure-iot-security-x509');
const tss = require('tss.js');

const [Way, HubWay] = {
  mqtt: [Mqtt, HubMqtt],
  'mqtt-ws': [MqttWs, HubMqttWs],
  amqp: [Amqp, HubAmqp],
  'amqp-ws': [AmqpWs, HubAmqpWs],
  https: [Http, HubHttp],
}[process.env.CLIENT_TRANSPORT ?? 'mqtt'];

const isX509 = given('ATTESTATION') === 'x509';
const isTpm = given('ATTESTATION') === 'tpm';
const key = isX509 || isTpm ? '' : readFileSync(given('SYMMETRIC_KEY_FILE'), 'utf8');
const x509 = isX509
  ? { cert: readFileSync(given('CERT_FILE'), 'utf8'), key: readFileSync(given('KEY_FILE'), 'utf8') }
  : undefined;
const id = given('REGISTRATION_ID');

function securityClient() {
  if (isX509) return new X509Security(id, x509);
  if (!isTpm) return new SymmetricKeySecurityClient(id, key);
  return new TpmSecurityClient(id, new tss.Tpm(true, '127.0.0.1', Number(given('TPM_SIMULATOR_PORT'))));
}

async function main() {
  const security = securityClient();
  const dps = ProvisioningDeviceClient.create(given('DPS_HOST'), given('ID_SCOPE'), new Way(), security);
  const result = await dps.register();
  // With a TPM, the SDK returns the whole answer.
  const { assignedHub: host, deviceId } = result.registrationState ?? result;
  const provider = isX509
    ? new X509AuthenticationProvider({ host, deviceId, x509 })
    : isTpm
      ? TpmAuthenticationProvider.fromTpmSecurityClient(deviceId, host, security)
      : SharedAccessKeyAuthenticationProvider.fromConnectionString(
          `HostName=${host};DeviceId=${deviceId};SharedAccessKey=${key}`,
        );
  const client = Client.fromAuthenticationProvider(provider, HubWay);
  await client.open();
  if (HubWay !== HubHttp) {
    client.on('message', (message) => void client.complete(message));
    client.onDeviceMethod('conformance', (_request, response) => void response.send(200, { done: true }));
    await client.getTwin();
  }
  for (;;) {
    await client.sendEvent(new Message('{"hello":1}'));
    await new Promise((done) => setTimeout(done, 1000));
  }
}

process.on('SIGTERM', () => process.exit(0));
main().catch((error) => {
  process.stderr.write(`${error.name}: ${error.message}\n`);
  process.exit(1);
});
