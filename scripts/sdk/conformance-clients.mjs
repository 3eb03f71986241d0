const sdk = ['node', 'test/conformance/clients/node-sdk.cjs'];
const withoutOfSdk = ['tpm', 'csr', 'renewal', 'state', 'tokens'];

/** The clients with shipped results, in the order of the table: ID, name, command, variables and missing capabilities. */
export const conformanceClients = [
  ...['mqtt', 'mqtt-ws', 'amqp', 'https'].map((transport) => ({
    id: `node-sdk-${transport}`,
    name: `Node SDK over ${transport}`,
    command: sdk,
    env: { CLIENT_TRANSPORT: transport },
    without: withoutOfSdk,
  })),
  {
    id: 'simulated-device',
    name: 'simulated device over mqtt',
    command: ['node', '--import', 'tsx', 'test/conformance/clients/simulated-device.ts'],
    env: {},
    without: ['x509', 'tpm', 'csr', 'renewal', 'tokens'],
  },
];
