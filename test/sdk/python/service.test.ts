import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { hub, openLab, type Lab } from '../lab.ts';
import { networkMissing, type Network } from '../network/network.ts';
import { openNetwork } from '../network/open-network.ts';
import { sdkPartMissing, sdkPython } from '../network/sdk-part.ts';
import { readOutput } from '../network/program-output.ts';
import { countAs } from '../sdk-row.ts';

const thumbprint = createHash('sha1').update('any').digest('hex').toUpperCase();
const message = { body: 'open', id: 'c2d-1', properties: { urgent: 'yes' } };
const model = { $model: 'dtmi:com:example:Thermostat;1' };

/** The expected result of each call that the program makes. */
const expected: Readonly<Record<string, unknown>> = {
  create_device_with_sas: { deviceId: 'sas', status: 'enabled', type: 'sas', key: keyOf('1') },
  create_device_with_x509: { deviceId: 'x509', status: 'enabled', type: 'selfSigned', thumbprint },
  create_device_with_certificate_authority: { deviceId: 'ca', status: 'enabled', type: 'certificateAuthority' },
  'create_device_with_sas of an edge device': true,
  update_device_with_sas: { deviceId: 'sas', status: 'disabled', key: keyOf('2') },
  update_device_with_x509: { deviceId: 'x509', status: 'disabled', thumbprint },
  update_device_with_certificate_authority: { deviceId: 'ca', status: 'disabled' },
  get_device: { deviceId: 'sas', status: 'disabled', key: keyOf('2') },
  get_devices: ['ca', 'edge', 'sas', 'x509'],
  bulk_create_or_update_devices: true,
  get_device_registry_statistics: 6,
  delete_device: [null, null],
  get_twin: { tags: {}, desired: { $version: 1 } },
  update_twin: { tags: { site: 'lab' }, desired: { rate: 5, $version: 2 } },
  replace_twin: { tags: { site: 'field' }, desired: { rate: 6, $version: 3 } },
  query_iot_hub: ['online'],
  invoke_device_method: { status: 207, payload: { done: 'blink' } },
  get_service_statistics: 1,
  receive_feedback_notification: null,
  get_digital_twin: { $dtId: 'online', $metadata: { ...model, rate: { desiredValue: 6 } } },
  update_digital_twin: null,
  'get_digital_twin after the patch': { $metadata: { ...model, target: { desiredValue: 21 } } },
  invoke_command: { done: 'reboot' },
  invoke_component_command: { done: 'probe*read' },
  create_configuration: 'night',
  get_configuration: "tags.site='field'",
  get_configurations: ['night'],
  update_configuration: 20,
  test_configuration_queries: null,
  delete_configuration: null,
  create_scheduled_job: 'job-1',
  get_scheduled_job: 'scheduleUpdateTwin',
  cancel_scheduled_job: 'cancelled',
};

describe.skipIf(sdkPartMissing('python') ?? networkMissing)('azure-iot-hub for Python', () => {
  let lab: Lab;
  let network: Network;
  let results: Readonly<Record<string, unknown>>;

  beforeAll(async () => {
    lab = await openLab();
    network = await openNetwork(lab);
    const access = lab.cloud.hubAccess.get(hub);
    const owner = `SharedAccessKeyName=${access?.policyName};SharedAccessKey=${access?.key}`;
    const container = 'https://example.blob.core.windows.net/exports?sig=none';
    const words = [join(import.meta.dirname, 'service.py'), `HostName=${hub};${owner}`, hub, thumbprint, container];
    // The Python package `requests` reads the first variable, and all other packages read the second variable, as docs/serve.md explains.
    const trust = { REQUESTS_CA_BUNDLE: network.root, SSL_CERT_FILE: network.root };
    results = await readOutput(network.start(sdkPython, words, { ...trust, PYTHONDONTWRITEBYTECODE: '1' })).all();
  });
  afterAll(async () => {
    await network.close();
    await lab.close();
  });

  test.for(Object.keys(expected))('gets the expected result of %s', (name, context) => {
    countAs(context, 'Python hub service SDK', 'https', 'policy');
    expect({ [name]: results[name] }).toMatchObject({ [name]: expected[name] });
  });

  test.for([
    ['send_c2d_message', 'amqp'],
    ['send_c2d_message over a WebSocket', 'amqp-ws'],
  ] as const)('sends a message to a device by %s', ([name, transport], context) => {
    countAs(context, 'Python hub service SDK', transport, 'policy');
    expect(results[name]).toMatchObject(message);
  });

  // The SDK expects an object, but a hub answers with a list, as the SDKs of other languages expect.
  test('fails in `query_scheduled_jobs`, because the SDK cannot read a list of jobs', () => {
    expect(results['query_scheduled_jobs']).toMatchObject({ failed: expect.stringContaining('DeserializationError') });
    const asked = lab.allMessages().filter((line) => line.startsWith('GET /jobs/v2/query'));
    expect(asked).toHaveLength(1);
    expect(asked[0]).toContain(' → 200 [');
  });

  test.each([
    ['create_import_export_job', 'import and export jobs'],
    ['get_import_export_jobs', 'import and export jobs'],
    ['get_import_export_job', 'import and export jobs'],
    ['cancel_import_export_job', 'import and export jobs'],
    ['apply_configuration_on_edge_device', 'modulesContent'],
  ])('gets an error for %s, because the lab does not support this call', (name, what) => {
    expect(results[name]).toMatchObject({ failed: expect.stringContaining(`rehearse does not support ${what}`) });
  });
});

/** Returns the key that the program assigns to a device. */
function keyOf(letter: string): string {
  return Buffer.from(letter.repeat(32)).toString('base64');
}
