import type { Lesson } from './lesson.ts';

export const aYearInTheWarehouse: Lesson = {
  number: 2,
  title: 'A year in the warehouse',
  goal: 'Know which parts of a device depend on the date, and where the factory could check them.',
  people: 'Production and logistics',
  parts: [
    {
      minutes: 5,
      title: 'What changes in a closed box in a year?',
      prompts: [
        'Ask: what changes in a closed box in a year?',
        'Collect: dates, batteries, root certificates, the service.',
      ],
    },
    {
      minutes: 10,
      title: 'A certificate of 90 days',
      prompts: [
        'Play. Watch the bar of the certificate while the pallet waits for eleven months.',
        'The run stops at the check of the date. Ask: what does the device see? It sees 401002, and no reason.',
      ],
      scene: {
        file: 'warehouse/leaf-expires.yaml',
        variant: 'validity-p90d-transport-mqtt',
        checks: ['certificate-valid-now'],
      },
      bet: {
        question: 'The certificate is valid for 90 days, and the device waits for eleven months. What does DPS answer?',
        options: [
          'It accepts the device',
          'It refuses the device and names the date',
          'It refuses the device without a reason',
        ],
        answer: 2,
        reason: 'DPS answers 401002 for a dozen different reasons. The device cannot tell them apart.',
      },
    },
    {
      minutes: 10,
      title: 'A certificate that is valid for two years',
      prompts: [
        'Change the validity to two years. Play, and show both runs side by side.',
        'Ask: what does a longer certificate cost if its key is stolen?',
      ],
      scene: { file: 'warehouse/leaf-expires.yaml', variant: 'validity-p2y-transport-mqtt' },
    },
    {
      minutes: 10,
      title: 'The clock of the device shows 1970',
      prompts: [
        'Play. Then choose the variant that ignores dates, and play again.',
        'The two variants fail at different checks. Ask: which failure is the safer one?',
      ],
      scene: { file: 'warehouse/clock-drained.yaml', variant: 'it-wakes-in-1970' },
      bet: {
        question: 'The clock of the device shows 1970. Which side refuses the connection?',
        options: ['The device', 'DPS', 'Neither of them'],
        answer: 0,
        reason: 'The server certificate of DPS is not valid yet in 1970, so the device refuses the server.',
      },
    },
    {
      minutes: 5,
      title: 'The line refuses to ship',
      prompts: [
        'The quality check rejects devices whose certificates expire too early.',
        'Ask: where would this check be in your factory?',
      ],
      scene: { file: 'factory/shelf-life.yaml', variant: 'shelf-p18m-validity-p1y-shipped-0' },
    },
    {
      minutes: 5,
      title: 'Your own product',
      prompts: [
        'All participants add their longest time in the warehouse and the time to the first renewal.',
        'They compare the sum with the validity of their certificates.',
      ],
    },
  ],
  lookAt:
    'The clock of the device beside the true time in an event of the scenario clock-drained; the bars of the validity periods and the line for the virtual time.',
  takeHome:
    'The factory does not notice the expiry date of a certificate. Compare it with the storage time before you ship.',
  quiz: [
    {
      question: 'A device waits for 14 months and needs one month to renew. Which validity is enough?',
      options: ['One year', '15 months', 'Two years'],
      answer: 2,
      reason: 'The validity must cover storage and renewal with a reserve. 15 months leave none.',
    },
    {
      question: 'Which answer does a device get for an expired certificate?',
      options: ['401002, without a reason', '403, with the date', 'No answer'],
      answer: 0,
      reason: 'The same code stands for many failures of attestation.',
    },
    {
      question: 'A device has a symmetric key and no certificate. What can make it fail after a year in the warehouse?',
      options: ['Nothing that depends on the date', 'Its clock', 'Its enrollment, which expires'],
      answer: 1,
      reason: 'The clock dates the token, and the device checks the server certificate with it.',
    },
  ],
};
