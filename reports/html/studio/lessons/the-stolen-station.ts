import type { Lesson } from './lesson.ts';

export const theStolenStation: Lesson = {
  number: 4,
  title: 'The stolen station',
  goal: 'State for each station what a thief would get, and which record would show the theft.',
  people: 'Buyers of manufacturing services',
  parts: [
    {
      minutes: 5,
      title: 'The worst computer to lose',
      prompts: ['Draw the line with its stations.', 'Ask: the loss of which computer would be the worst?'],
    },
    {
      minutes: 10,
      title: 'The key of the CA is on the disk',
      prompts: [
        'Play. The run stops after the theft of the station.',
        'Open the attacker console: make a device that was never built.',
      ],
      scene: { file: 'attacks/station-stolen.yaml', variant: 'holds-the-key-of-the-ca', steps: [3] },
      bet: {
        question: 'The stolen computer has the key of the CA. Which devices can the thief impersonate?',
        options: [
          'Those that this line built',
          'All devices, but no new ones',
          'All devices, and some that were never built',
        ],
        answer: 2,
        reason: 'The thief can sign a certificate for any name, and the group accepts each of them.',
      },
    },
    {
      minutes: 10,
      title: 'The station requests each certificate and wipes it',
      prompts: [
        'Change the choice: the station keeps nothing. Play, and show both runs side by side.',
        'Compare the lists of secrets: what was on the disk at the theft?',
      ],
      scene: { file: 'attacks/station-stolen.yaml', variant: 'asks-for-each-certificate-and-wipes-it', steps: [3] },
      bet: {
        question: 'Now the station requests each certificate and wipes it. What does the thief get?',
        options: ['The devices of one day', 'The unit on the bench', 'All devices'],
        answer: 1,
        reason: 'Only the unit that is on the bench at the theft is lost.',
      },
    },
    {
      minutes: 10,
      title: 'Two surplus units',
      prompts: [
        'Ask: which enrollment accepts the two surplus units? Play.',
        'Change the choice: enroll only the delivered units.',
      ],
      scene: { file: 'factory/over-production.yaml', variant: 'a-group-by-ca-lets-them-in', steps: [3] },
    },
    {
      minutes: 5,
      title: 'One unit on the open floor',
      prompts: [
        'One unit is installed on the open floor. Ask: which check detects it, and which does not?',
        'What if an attacker rewrites the audit trail at night?',
      ],
      scene: { file: 'factory/audit.yaml', variant: 'in-the-secure-room' },
    },
    {
      minutes: 5,
      title: 'Your own line',
      prompts: ['All participants list, for one of their stations, what it holds and what it could request instead.'],
    },
  ],
  lookAt:
    '"online" and "parties that could read secrets" in the report of the production line: the cost of a safer line is measured too.',
  takeHome:
    'A thief gets everything that a station holds. A station that requests each secret and wipes it loses little.',
  quiz: [
    {
      question: 'Which station loses least in a theft?',
      options: ['One with the CA key', 'One that keeps copies', 'One that requests each certificate and wipes it'],
      answer: 2,
      reason: 'It has nothing that belongs to an earlier unit.',
    },
    {
      question: 'Which enrollment accepts surplus units of a contract manufacturer?',
      options: ['A group by CA', 'Individual enrollments of the delivered units', 'None'],
      answer: 0,
      reason: 'A group accepts each certificate of its CA, and the surplus units have one.',
    },
    {
      question: 'What does a station that requests each certificate need?',
      options: ['A TPM', 'A network connection', 'The root key'],
      answer: 1,
      reason: 'The cost of the safer line is that the station must be online.',
    },
  ],
};
