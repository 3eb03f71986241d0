/** The chapters of the guide, in the order of the decisions that a manufacturer takes. */
export const chapters = {
  authentication: {
    title: 'How devices authenticate',
    sentence: 'What a device shows the service: a certificate, the answer of a TPM, or a token made with a shared key.',
  },
  x509: {
    title: 'X.509 practice',
    sentence: 'Where the root of trust comes from, and what a name on a certificate promises.',
  },
  keys: {
    title: 'Where keys live',
    sentence: 'A thief gets what the key store gives away, and keeps it for as long as the key store lets him.',
  },
  connectivity: {
    title: 'Factory connectivity',
    sentence: 'What a line can ask for while it builds, and what has to stand beside it because it cannot ask.',
  },
  made: {
    title: 'When certificates are made',
    sentence: 'On the line, in the device, by the vendor of the chip, or weeks ahead in another place.',
  },
  installed: {
    title: 'When they are installed',
    sentence: 'The moment in which an identity and a device become one, and how the line makes sure that they did.',
  },
  audit: {
    title: 'Audit',
    sentence: 'Whether anybody can say afterwards which identity went into which device, and which went nowhere.',
  },
  renewal: {
    title: 'Validity and renewal',
    sentence: 'How long a credential lasts, and by which way the next one comes before it is over.',
  },
  tpm: {
    title: 'The TPM line',
    sentence: 'Who reads the endorsement key and when, who takes ownership, and what becomes of a chip later.',
  },
  timeline: {
    title: 'From the warehouse to the field',
    sentence: 'What a device meets between the packing table and the end of its service.',
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
