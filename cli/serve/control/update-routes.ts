import { mistakesOfIssue } from '../../../sim/scenario/mistakes/issue-sentence.ts';
import { updateScript, updateScriptSchema } from '../../../sim/scenario/words/update-words.ts';
import { type JsonAnswer, type LocalRequest, refusal } from '../../process/local-server.ts';
import type { Controlled } from './controlled.ts';

/** Routes for the answers of the update service (Device Update), which DPS passes to devices. */
export const updateRoutes = {
  get: (lab: Controlled): JsonAnswer => state(lab),

  put: (lab: Controlled, { body }: LocalRequest): JsonAnswer => {
    const parsed = updateScriptSchema.safeParse(body);
    if (!parsed.success) {
      const issues = parsed.error.issues.flatMap((issue) =>
        mistakesOfIssue(issue, updateScriptSchema, body, 'the answers of the update service'),
      );
      return refusal(400, issues.map(({ message }) => message).join('; '));
    }
    lab.cloud.updates.setScript(updateScript(parsed.data));
    return state(lab);
  },

  remove: (lab: Controlled): JsonAnswer => {
    lab.cloud.updates.setScript(undefined);
    return state(lab);
  },
} as const;

function state({ cloud: { updates } }: Controlled): JsonAnswer {
  return { status: 200, body: { updates: updates.script() ?? null, reports: updates.reports() } };
}
