import type { Lesson } from './lesson.ts';

export const theBanAndTheRenewal: Lesson = {
  number: 5,
  title: 'Blocking a stolen credential, and renewal',
  goal: 'Measure how soon the blocking of a stolen credential stops the attacker, and which devices it affects.',
  people: 'Operations',
  parts: [
    {
      minutes: 5,
      title: 'A key leaked at nine in the morning',
      prompts: ['A key leaked at nine in the morning. Ask: what do you do first, and which devices does it affect?'],
    },
    {
      minutes: 10,
      title: 'Roll the key that the pump uses',
      prompts: [
        'Play. The pump still uses the leaked key.',
        'Read the result of the drill: when does DPS reject the attacker, when does the hub, and which devices are affected?',
      ],
      scene: { file: 'drills/roll-key.yaml', variant: 'while-the-pump-still-lives-by-it', steps: [6] },
      bet: {
        question: 'The operator rolls the leaked key at once. Which side loses its connection to DPS?',
        options: ['Only the thief', 'Only the pump', 'Both of them'],
        answer: 2,
        reason: 'The pump has the same key as the thief, so the new key locks both out.',
      },
    },
    {
      minutes: 10,
      title: 'Move the pump first',
      prompts: [
        'Change the choice: the pump was moved to the other key before. Play, and show both runs side by side.',
        'DPS and the hub reject the thief within an hour, and no honest devices are affected.',
      ],
      scene: { file: 'drills/roll-key.yaml', variant: 'the-pump-was-moved-to-the-other-one-before' },
    },
    {
      minutes: 10,
      title: 'One sensor, or the whole group',
      prompts: [
        'Ask: which action blocks the stolen sensor and affects the fewest other sensors?',
        'Ask: how does the operator reverse this action a day later?',
      ],
      scene: { file: 'drills/one-device-of-a-group.yaml', variant: 'the-whole-group-is-deleted' },
      bet: {
        question:
          'The operator deletes the whole group because of one stolen sensor. How many honest sensors are affected?',
        options: ['None', 'One', 'All of them'],
        answer: 2,
        reason: 'Without the group, DPS has no enrollment for any of its sensors.',
      },
    },
    {
      minutes: 5,
      title: 'An expired certificate also locks a device out',
      prompts: ['The CA is down when renewals are due. Ask: which device had time to retry?'],
      scene: { file: 'renewal/in-time-or-not.yaml', variant: 'it-renews-in-the-last-days' },
    },
    {
      minutes: 5,
      title: 'Your own runbook',
      prompts: [
        'All participants write a runbook in four lines: how they block a stolen credential, and which person tests this.',
      ],
    },
  ],
  lookAt:
    '`outOfDps`, `outOfHub` and `hurt`. They are measured: the attacker keeps trying, and the honest devices continue their work.',
  takeHome: 'A defence that was never rehearsed affects the wrong devices, and comes too late.',
  quiz: [
    {
      question: 'What comes first after a key leaked?',
      options: ['Roll the key', 'Move the honest device to its other key', 'Delete the enrollment'],
      answer: 1,
      reason: 'The new key then locks out the thief alone.',
    },
    {
      question:
        'The operator disables an enrollment in DPS. Does this also end the connection of the device to its hub?',
      options: ['Yes, at once', 'No, the hub has its own identities', 'Only for certificates'],
      answer: 1,
      reason: 'A thief who is at the hub stays there until the hub refuses the device too.',
    },
    {
      question: 'Which action blocks one stolen sensor and affects no other sensor?',
      options: ['Delete the group', 'Roll the group key', 'Create a disabled individual enrollment for it'],
      answer: 2,
      reason: 'An individual enrollment takes precedence over the group.',
    },
  ],
};
