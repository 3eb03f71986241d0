/** The names of the attacker's actions for people, by the name of the step. */
export const actionNames: Readonly<Record<string, string>> = {
  'ask-vendor': 'Request a certificate from the vendor',
  'blast-radius': 'Count the identities that the loot can take over',
  'claim-endorsement-key': 'Register with the public keys of a TPM',
  'create-at-hub': 'Create a device at a hub',
  'enroll-by-policy': 'Enroll a device with a stolen policy key',
  'enroll-elsewhere': 'Enroll the devices in another DPS',
  'forge-certificate': 'Forge a certificate from a stolen one',
  impersonate: 'Register with the stolen key',
  'impersonate-service': 'Run a rogue server under the name of DPS',
  'log-in': 'Open an MQTT connection',
  'replay-token': 'Register with a recorded token',
  'send-request': 'Send a request over HTTPS',
  'steal-key': 'Steal a key',
  'visit-hub': 'Connect to a hub with the stolen key',
};
