import { expect, test } from 'vitest';
import { loadScenarios, playScenario } from '../../../cli/library.ts';
import { whyText } from '../../../reports/sentences/why-text.ts';

const wrongGroup = `title: The group has another CA than the device
pki: { maker-ca: {}, other-ca: {} }
cloud: { enrollmentGroups: { pumps: { x509: { ca: other-ca } } } }
devices: { pump: { attestation: x509 } }
timeline:
  - issue-certificate: { device: pump, from: maker-ca, validity: P1Y }
  - power-on: pump
    expect: { assigned: hub-eu }
`;
const missingIntermediate = wrongGroup
  .replace('maker-ca: {}, other-ca: {}', 'other-ca: {}, maker-ca: { issuer: other-ca }')
  .replace('validity: P1Y', 'validity: P1Y, chain: leaf-only');

test.each([
  ['the group has another CA', wrongGroup],
  ['the device did not send its intermediate CA', missingIntermediate],
])('the sentence about an incomplete chain is true if %s', async (_why, text) => {
  const loaded = loadScenarios('chain.yaml', text);
  if (!loaded.ok) throw new Error(loaded.mistakes.map(({ message }) => message).join('\n'));
  const [scenario] = loaded.scenarios;
  if (scenario === undefined) throw new Error('the file has no scenario');
  expect(whyText(await playScenario(scenario))).toContain(
    'refused by chain-complete: the certificates that the device sent do not lead to a CA of an enrollment group (expected the issuer of CN=pump, CN=maker-ca; ',
  );
});
