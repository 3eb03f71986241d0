const sdk = ['node', 'test/conformance/clients/node-sdk.cjs'];
const withoutOfSdk = ['csr', 'renewal', 'state', 'tokens'];

/** The clients with shipped results, in the order of the table: ID, name, command, variables, missing capabilities, and the
 * groups of statements if it has not all. */
export const conformanceClients = [
  ...['mqtt', 'mqtt-ws', 'amqp', 'amqp-ws', 'https'].map((transport) => ({
    id: `node-sdk-${transport}`,
    name: `Node SDK over ${transport}`,
    command: sdk,
    env: { CLIENT_TRANSPORT: transport },
    // MQTT has no TPM attestation.
    without: transport.startsWith('mqtt') ? [...withoutOfSdk, 'tpm'] : withoutOfSdk,
  })),
  {
    id: 'simulated-device',
    name: 'simulated device over mqtt',
    command: ['node', '--import', 'tsx', 'test/conformance/clients/simulated-device.ts'],
    env: {},
    without: ['x509', 'tpm', 'csr', 'renewal', 'tokens'],
  },
  {
    id: 'simulated-device-tpm',
    name: 'simulated device over https with a TPM, group TPM',
    command: ['node', '--import', 'tsx', 'test/conformance/clients/simulated-device.ts'],
    env: {},
    only: ['tpm'],
    // Like the SDKs, the device has one handle for the keys of DPS, so that it loses its hub key if a registration breaks off (M4).
    without: ['state'],
  },
];
