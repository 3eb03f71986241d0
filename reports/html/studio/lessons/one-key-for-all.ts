import type { Lesson } from './lesson.ts';

const file = 'attacks/stolen-keys/shared-key-leaks.yaml';

export const oneKeyForAll: Lesson = {
  number: 1,
  title: 'One key for all',
  goal: 'See how many devices one stolen key affects, and which design reduces the number.',
  people: 'All teams that put a key into firmware',
  parts: [
    {
      minutes: 5,
      title: 'How does a sensor prove its identity?',
      prompts: [
        'Draw a factory, a warehouse, and a wall with four sensors.',
        'Ask: how does a sensor prove its identity to the cloud? Collect answers without judging them.',
      ],
    },
    {
      minutes: 10,
      title: 'Play until the theft',
      prompts: [
        'Play. The run stops after the theft, before the thief tries the key.',
        'Ask: which sensors can the thief impersonate now? Show the bet and count the hands.',
      ],
      scene: { file, variant: 'one-key-in-every-device', steps: [5] },
      bet: {
        question: 'The thief read the flash of sensor 1. How many of the four sensors can the thief impersonate now?',
        options: ['One: sensor 1', 'Two of them', 'All four'],
        answer: 2,
        reason: 'All four sensors have the same key, so DPS accepts the thief under each name.',
      },
    },
    {
      minutes: 10,
      title: 'The audience is the attacker',
      prompts: [
        'Open the attacker console. The audience names a sensor: impersonate it.',
        'Try all sensors until the tally shows 4 of 4. Then resume, and reveal the result.',
      ],
    },
    {
      minutes: 10,
      title: 'Flip one choice',
      prompts: [
        'Change the choice: this variant gives each device its own key. Ask for predictions first.',
        'Play, and use the console again. Then show both runs side by side.',
      ],
      scene: { file, variant: 'a-key-of-its-own-in-every-device', steps: [5] },
      bet: {
        question: 'Now each sensor has its own key. How many sensors can the thief impersonate?',
        options: ['One: sensor 1', 'Two of them', 'All four'],
        answer: 0,
        reason: 'The check token-signature-matches refuses the stolen key under every other name.',
      },
    },
    {
      minutes: 5,
      title: 'Read the exposed secrets',
      prompts: ['Read Exposed secrets in the attacker console: which other party had the key, and since when?'],
    },
    {
      minutes: 5,
      title: 'Your own product',
      prompts: [
        'All participants write down where the keys of their product are at this moment, and which parties could have read them.',
      ],
    },
  ],
  lookAt: '`token-signature-matches`, the one check that differs; the list of secrets of the first run.',
  takeHome: 'One theft affects all devices that share a key. With a key per device, a theft affects one device.',
  more: [
    { file: 'attacks/blast-radius.yaml', what: 'measures the damage of each kind of theft' },
    { file: 'keys/hard-coded-in-image.yaml', what: 'is the same mistake in a firmware image' },
  ],
  quiz: [
    {
      question: 'Which check refuses a stolen key under the name of another device?',
      options: ['certificate-valid-now', 'token-signature-matches', 'enrollment-found'],
      answer: 1,
      reason: 'DPS computes the signature with the key of the enrollment, and each enrollment has its own key.',
    },
    {
      question: 'A key is in a firmware image that 10,000 devices have. What must you assume after one theft?',
      options: ['One device is affected', 'The devices of one site are affected', 'All 10,000 devices are affected'],
      answer: 2,
      reason: 'Each device has the key, so the thief can take every identity.',
    },
    {
      question: 'What does a key per device cost on the production line?',
      options: [
        'An installation step for each unit',
        'A TPM in each unit',
        'A connection of each unit to DPS for ever',
      ],
      answer: 0,
      reason: 'The line must install a different key in each unit instead of one image for all.',
    },
  ],
};
