/** Short and fast scenario files for tests of the command line. */
export const sampleScenarios = {
  /** A device registers with a symmetric key, as expected. */
  passes: keyScenario('A key lets the device in', '{ assigned: hub-eu }'),
  /** The same scenario with a wrong expectation. */
  fails: keyScenario('A key keeps the device out', '{ refused: token-signature-matches }'),
  /** A scenario with two variants in a matrix; the second variant fails. */
  differs: `title: Two designs
tags: [choice]
devices:
  meter: { attestation: symmetricKey }
matrix:
  - { name: right, outcome: { assigned: hub-eu } }
  - { name: wrong, outcome: { refused: enrollment-enabled } }
timeline:
  - enroll: meter
  - install-key: meter
  - power-on: meter
    expect: "\${outcome}"
`,
  /** Needs swtpm. */
  tpm: `title: A TPM lets the device in
tags: [tpm]
devices:
  meter: { attestation: tpm }
timeline:
  - extract-ek: meter
  - enroll: meter
  - power-on: meter
    expect: { assigned: hub-eu }
`,
  /** A scenario that creates RSA keys for about a minute. */
  slow: `title: A long line
devices:
  meter: { attestation: x509, count: 1000 }
timeline:
  - issue-certificate: { device: meter, key: RSA-2048 }
  - power-on: meter
    expect: { assigned: true }
`,
  /** Three mistakes. */
  mistaken: `title: Not yet right
devices:
  meter: { attestation: symmetricKey, transport: mqqt }
timeline:
  - enrol: meter
  - power-on: metre
    expect: { assigned: hub-eu }
`,
};

function keyScenario(title: string, expectation: string): string {
  return `title: ${title}
devices:
  meter: { attestation: symmetricKey }
timeline:
  - enroll: meter
  - install-key: meter
  - power-on: meter
    after: P1D
    expect: ${expectation}
`;
}
