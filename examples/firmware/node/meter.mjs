#!/usr/bin/env node
// A meter with Microsoft's SDK. It registers with its certificate over MQTT, sends a reading each hour, and registers again if the hub
// refuses it. docs/firmware.md explains the variables whose names begin with REHEARSAL.
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import device from 'azure-iot-device';
import hubTransport from 'azure-iot-device-mqtt';
import provisioning from 'azure-iot-provisioning-device';
import dpsTransport from 'azure-iot-provisioning-device-mqtt';
import security from 'azure-iot-security-x509';

const id = process.env.REHEARSAL_REGISTRATION_ID;
const identity = {
  cert: readFileSync(process.env.REHEARSAL_CERT_FILE, 'utf8'),
  key: readFileSync(process.env.REHEARSAL_KEY_FILE, 'utf8'),
};
// The SDK uses port 8883 unless the name of the host has another one.
const port = process.env.REHEARSAL_MQTT_PORT;
const at = (host) => (port === '8883' ? host : `${host}:${port}`);

function register() {
  const client = provisioning.ProvisioningDeviceClient.create(
    at(process.env.REHEARSAL_DPS_HOST),
    process.env.REHEARSAL_ID_SCOPE,
    new dpsTransport.Mqtt(),
    new security.X509Security(id, identity),
  );
  return new Promise((done, fail) => {
    void client.register((error, result) => (error ? fail(error) : done(result)));
  });
}

async function send({ assignedHub, deviceId }, count) {
  const client = device.Client.fromConnectionString(
    `HostName=${at(assignedHub)};DeviceId=${deviceId};x509=true`,
    hubTransport.Mqtt,
  );
  await client.setOptions(identity);
  try {
    await client.sendEvent(new device.Message(JSON.stringify({ kWh: count })));
  } finally {
    await client.close().catch(() => {});
  }
}

let place;
for (let count = 1; ; count++) {
  try {
    place ??= await register();
    await send(place, count);
    await sleep(3_600_000);
  } catch (error) {
    process.stderr.write(`${error.name}: ${error.message}\n`);
    place = undefined;
    await sleep(60_000);
  }
}
