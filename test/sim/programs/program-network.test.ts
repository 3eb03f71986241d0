import { describe, expect, test } from 'vitest';
import { missingFor, playScript, sentencesOf } from './play-program.ts';

const register = `
dps="https://$REHEARSAL_DPS_HOST:$REHEARSAL_HTTPS_PORT/$REHEARSAL_ID_SCOPE/registrations/meter"
call() { echo $(curl --silent --show-error --max-time "$1" --cacert "$REHEARSAL_CA_FILE" --cert "$REHEARSAL_CERT_FILE" --key "$REHEARSAL_KEY_FILE" \\
  --header 'Content-Type: application/json' --request PUT --data '{"registrationId":"meter"}' \\
  --output /dev/null --write-out '%{http_code} ' "$dps/register?api-version=2021-06-01" 2>&1) $(date +%T); }
`;
const issued = '  - issue-certificate: { device: meter, from: ca }\n';
const on = '  - power-on: meter\n    expect: { telemetry: none }\n';

function linesOf(run: Awaited<ReturnType<typeof playScript>>): readonly string[] {
  return sentencesOf(run).flatMap((sentence) => sentence.split('its program writes to stdout: ')[1] ?? []);
}

describe.skipIf(missingFor('curl').length > 0)('the network of a program', () => {
  test('delays an answer in virtual time, and the time limit of the program ends the wait', async () => {
    const run = await playScript(`${register}call 60; call 5; sleep infinity`, `${issued}${on}`, {
      cloud: 'faults: [{ delay: PT20S, operation: register }]',
    });
    const [waited = '', late = ''] = linesOf(run);
    expect(waited).toMatch(/^202 08:00:20$/);
    expect(late).toMatch(/timed out.*08:00:25$/);
  });

  test('closes the connection in place of an answer if a fault requires it', async () => {
    const run = await playScript(`${register}call 60; sleep infinity`, `${issued}${on}`, {
      cloud: 'faults: [{ drop: true, count: 1 }]',
    });
    expect(linesOf(run)[0]).toMatch(/curl: \(5[26]\).*000 08:00:00$/);
  });

  test('resolves no names and opens no connections while the device is offline', async () => {
    const run = await playScript(
      `${register}while :; do call 10; sleep 43200; done`,
      `${issued}${on}  - run-in-field: { device: meter, for: P1D, visits: P1D, offline: true }
  - run-in-field: { device: meter, for: P1D, visits: P1D }
`,
    );
    const lines = linesOf(run);
    expect(lines[0]).toMatch(/^20[02] /);
    expect(lines[1]).toMatch(/curl: \(6\) Could not resolve host/);
    expect(lines[2]).toMatch(/curl: \(6\) Could not resolve host/);
    expect(lines[3]).toMatch(/^20[02] /);
  });

  test('reaches the services by their host names, on their standard ports', async () => {
    const run = await playScript(
      'echo "$REHEARSAL_HTTPS_PORT $REHEARSAL_MQTT_PORT $REHEARSAL_AMQP_PORT"; getent ahostsv4 hub-eu.azure-devices.net | head -1 | cut -d. -f1; sleep infinity',
      on,
    );
    const isOnStandardPorts = sentencesOf(run).some((sentence) => sentence.endsWith('on the standard ports'));
    expect(linesOf(run)[0] === '443 8883 5671').toBe(isOnStandardPorts);
    expect(linesOf(run)[1]).toBe('127');
  });
});
