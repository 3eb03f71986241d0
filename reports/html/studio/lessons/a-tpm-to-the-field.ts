import type { Lesson } from './lesson.ts';

export const aTpmToTheField: Lesson = {
  number: 3,
  title: 'A TPM from its maker to the field',
  goal: 'Follow the endorsement key from the TPM maker to the enrollment, and follow a registration through a power failure.',
  people: 'Hardware and security engineers',
  parts: [
    {
      minutes: 5,
      title: 'What is secret, and what is public?',
      prompts: [
        'Ask: which data of a TPM is secret, and which is public? Seeds and private keys are secret; the endorsement key is public.',
        'Ask: which party writes the endorsement key down first?',
      ],
    },
    {
      minutes: 10,
      title: 'Two lines in the wrong order',
      prompts: [
        'Play. Let the audience read the decision and find the reason why DPS rejects the wrong device.',
        'Reveal the result when the first team has the reason.',
      ],
      scene: { file: 'tpm/ek-list-from-maker.yaml', variant: 'has-two-lines-the-wrong-way-round', steps: [4] },
      bet: {
        question: 'Two lines of the list of endorsement keys are in the wrong order. When is the mistake detected?',
        options: ['At the delivery', 'At the enrollment', 'At the first start in the field'],
        answer: 2,
        reason: 'The list is complete and each key is real. Only the comparison with a chip shows the mistake.',
      },
    },
    {
      minutes: 10,
      title: 'The manufacturer compares the list with the chips',
      prompts: [
        'Change the choice: the manufacturer compares the delivered list with the chips. Play, and show both runs side by side.',
        'Ask: what does the comparison cost on the production line, and what would the mistake cost in the field?',
      ],
      scene: { file: 'tpm/ek-list-from-maker.yaml', variant: 'has-two-lines-the-wrong-way-round-and-is-compared' },
    },
    {
      minutes: 10,
      title: 'The power fails after the challenge',
      prompts: [
        'Play. The power fails after the challenge.',
        'Ask: which key is in the TPM now, how does the device notice, and what repairs it a day later?',
      ],
      scene: { file: 'tpm/half-finished-reprovisioning.yaml', variant: 'after-the-challenge', steps: [4] },
      bet: {
        question: 'The power failed after the challenge. Can the device still send telemetry to its hub?',
        options: ['Yes, with the former key', 'No, until it registers again', 'No, and it needs a new TPM'],
        answer: 1,
        reason:
          'The TPM has the new key, and the hub has the former one. A new registration gives the hub the new key.',
      },
    },
    {
      minutes: 5,
      title: 'A swapped board and the support desk',
      prompts: [
        "DPS rejects the attacker's board, and the attacker calls the support desk about a repair.",
        'Ask: what must the desk know before it enrolls that board?',
      ],
      scene: { file: 'attacks/tpm-board-swapped.yaml', variant: 'the-desk-enrolls-what-hangs-there-now', steps: [7] },
    },
    {
      minutes: 5,
      title: 'Your own product',
      prompts: [
        'All participants draw the path of the endorsement key in their product, from the maker to the enrollment.',
        'They mark each step that does not compare the key with the chip.',
      ],
    },
  ],
  lookAt:
    '`endorsement-key-matches`, then `power-lasts` and `hub-token-signature-matches`. Each device has a real swtpm process.',
  takeHome: 'The chip protects its secret by itself; people maintain the list of endorsement keys.',
  quiz: [
    {
      question: 'Which part of a TPM may be printed on a list?',
      options: ['The seed', 'The public endorsement key', 'The key of the hub'],
      answer: 1,
      reason: 'The endorsement key is public. Its private half never leaves the chip.',
    },
    {
      question: 'A list of endorsement keys has two lines in the wrong order. Which party can notice it first?',
      options: ['DPS at the enrollment', 'The manufacturer, who has the chips', 'The device'],
      answer: 1,
      reason: 'DPS has nothing to compare the list with.',
    },
    {
      question: 'What does an attacker get who solders the TPM onto another board?',
      options: ['The identity of the device', 'Nothing', 'The keys of all devices'],
      answer: 0,
      reason: 'The identity is in the chip, and it goes where the chip goes.',
    },
  ],
};
