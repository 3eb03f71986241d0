const sdk = ['node', 'test/conformance/clients/node-sdk.cjs'];
const withoutOfSdk = ['csr', 'renewal', 'state', 'tokens'];

/**
 * The clients with shipped results, in the order of the table: ID, name, command, variables, missing capabilities, and, if the client is
 * tested for some groups of statements only, these groups.
 */
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
    // Like the SDKs, the device has one TPM handle for all keys from DPS. So an incomplete registration overwrites the hub key of the
    // device (statement M4).
    without: ['state'],
  },
];
