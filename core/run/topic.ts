/** The chapters of the guide, in the order in which a manufacturer makes the decisions. */
export const chapters = {
  authentication: {
    title: 'How devices authenticate',
    sentence:
      'A device proves its identity with a certificate, with the answer of a TPM, or with a token from a symmetric key.',
  },
  x509: {
    title: 'X.509 practice',
    sentence: 'The root of trust comes from a CA, and the name in a certificate decides which device it identifies.',
  },
  keys: {
    title: 'Where keys live',
    sentence:
      'The key store decides what an attacker gets from a stolen device, and for how long the attacker can use it.',
  },
  connectivity: {
    title: 'Factory connectivity',
    sentence:
      'An online line can request credentials while it builds; an offline line needs its own keys or prepared credentials.',
  },
  made: {
    title: 'When certificates are made',
    sentence: 'Certificates are made on the line, in the device, by the chip vendor, or weeks ahead at another site.',
  },
  installed: {
    title: 'When certificates are installed',
    sentence: 'Installation binds an identity to a device, and the line must verify the result.',
  },
  audit: {
    title: 'Audit',
    sentence:
      'An audit trail shows afterwards which identity was installed in which device, and which identity was never used.',
  },
  renewal: {
    title: 'Validity and renewal',
    sentence: 'A credential expires, and the device must get a new credential before that.',
  },
  tpm: {
    title: 'The TPM line',
    sentence:
      'The line reads the endorsement key, a party takes ownership of the TPM, and the TPM may get another owner later.',
  },
  timeline: {
    title: 'From the warehouse to the field',
    sentence: 'After a device leaves the line, it goes through storage, first start, outages and retirement.',
  },
} as const;

export type ChapterId = keyof typeof chapters;

/** A topic of the guidance that scenarios may cover. */
export interface Topic {
  readonly id: string;
  readonly title: string;
  readonly sentence: string;
  readonly chapter: ChapterId;
}
