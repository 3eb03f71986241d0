import { expect, test } from 'vitest';
import { passingText } from '../../../reports/sentences/passing-text.ts';

test.each(['1 day passes', '1 hour passes', '50 days pass', '1 hour 5 minutes pass', '11 hours pass'])(
  '`%s` agrees in number',
  (text) => {
    expect(passingText(text.replace(/ pass(?:es)?$/, ''))).toBe(text);
  },
);
