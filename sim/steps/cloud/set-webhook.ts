import { webhookSchema } from '../../scenario/words/allocation-words.ts';
import { defineStep } from '../define-step.ts';
import { StepProblem } from '../../world/world.ts';

/** The customer's web service changes its mind, or breaks. */
export const setWebhook = defineStep({
  name: 'set-webhook',
  summary: 'The webhook of custom allocation answers differently from now on.',
  shorthand: 'answer',
  args: webhookSchema,
  run: async (world, words) => {
    if (world.webhook === undefined)
      throw new StepProblem('there is no webhook to change; write one under cloud: webhook:');
    world.webhook.answerWith(words);
    const { answer } = words;
    const how = typeof answer === 'object' ? `status ${answer.status}` : answer;
    world.tell('cloud-operator', 'webhook', `it answers with ${how} from now on`);
  },
});
