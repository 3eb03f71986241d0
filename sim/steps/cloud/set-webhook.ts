import { webhookSchema } from '../../scenario/words/allocation-words.ts';
import { defineStep } from '../define-step.ts';
import { StepProblem } from '../../world/step-problem.ts';

/** The customer's web service changes its mind, or breaks. */
export const setWebhookStep = defineStep({
  name: 'set-webhook',
  summary: 'The webhook of custom allocation answers differently from now on.',
  shorthand: 'answer',
  args: webhookSchema,
  uses: ['cloud'],
  run: async (world, words) => {
    if (world.cloud.webhook === undefined)
      throw new StepProblem('there is no webhook to change; write one under cloud: webhook:');
    world.cloud.webhook.answerWith(words);
    const { answer } = words;
    const how = typeof answer === 'object' ? `status ${answer.status}` : answer;
    world.tell('cloud-operator', 'webhook', `it answers with ${how} from now on`);
  },
});
