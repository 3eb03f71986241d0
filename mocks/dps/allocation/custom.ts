import { defined } from '../../../core/defined.ts';
import type { InitialTwin, JsonObject } from '../../../core/wire/enrollment.ts';
import type { FidelitySettings } from '../../../core/cloud/fidelity.ts';
import { problems, type Problem } from '../../../core/wire/problems.ts';
import { initialTwinViolation } from '../../../core/wire/twin-rules.ts';
import { callWebhook, type WebhookAnswer } from './call-webhook.ts';
import type { AllocationPolicy, AllocationRequest } from './policy.ts';
import { webhookQuestion } from './webhook-question.ts';

/**
 * Asks the customer's webhook for a hub, at every registration. If the webhook has an error, the operation fails: there is no
 * fallback policy.
 */
export const custom: AllocationPolicy = async (request) => {
  const { trace, fidelity, proof } = request;
  const definition = proof.enrollment.customAllocation;
  if (definition === undefined) return none(problems.customAllocationRequired);
  const answer = await ask(definition.webhookUrl, request);
  const found = answer.kind === 'silent' ? answer.sentence : `status ${answer.status}`;
  const good = answer.kind === 'answered' && answer.status === 200;
  if (!trace.check('webhook-answered', good, 'status 200', found)) {
    return none(answer.kind === 'silent' ? unusable(fidelity, 'the webhook did not answer') : badStatus(answer.status));
  }
  const read = answer.kind === 'answered' ? readAnswer(answer.text) : undefined;
  const hostFound = read === undefined ? 'something else' : read.host;
  if (!trace.check('webhook-answer-readable', read !== undefined, 'JSON with iotHubHostName', hostFound)) {
    return none(unusable(fidelity, 'the answer of the webhook is not JSON that names a hub'));
  }
  if (read === undefined) return none(unusable(fidelity, 'the answer of the webhook is not JSON that names a hub'));
  const violation = read.initialTwin === undefined ? undefined : initialTwinViolation(read.initialTwin, fidelity);
  const expected = 'an initial twin that a hub accepts';
  if (violation !== undefined && !trace.check('webhook-answer-readable', false, expected, violation.sentence)) {
    return none(unusable(fidelity, 'the initial twin of the webhook is invalid'));
  }
  const hub = request.candidates.find(({ host }) => host.toLowerCase() === read.host.toLowerCase());
  const known = request.candidates.map(({ host }) => host).join(' or ');
  if (!trace.check('webhook-hub-linked', hub !== undefined, known, read.host)) {
    return none(
      unusable(fidelity, 'the webhook names a hub that is not linked or that the enrollment does not permit'),
    );
  }
  return { kind: 'hub', ...read, host: hub?.host ?? read.host };
};

async function ask(url: string, request: AllocationRequest): Promise<WebhookAnswer> {
  const { fidelity } = request;
  const question = webhookQuestion(request);
  const limitMs = fidelity.webhookTimeout === '5s' ? 5000 : 1000;
  const once = async (): Promise<WebhookAnswer> => {
    const answer = await callWebhook(url, question, limitMs);
    note(request, url, question, answer);
    return answer;
  };
  const answer = await once();
  const troubled = answer.kind === 'silent' || answer.status >= 500;
  return troubled && fidelity.webhookRetry === 'once' ? once() : answer;
}

function note({ history }: AllocationRequest, url: string, question: object, answer: WebhookAnswer): void {
  const result = answer.kind === 'silent' ? answer.sentence : `${answer.status} ${answer.text ?? '(too long)'}`;
  const [place = ''] = url.split('?', 1);
  history.record({
    kind: 'wire',
    door: 'https',
    from: 'dps',
    to: 'webhook',
    message: `POST ${place} ${JSON.stringify(question)} → ${result}`,
  });
}

interface ReadAnswer {
  readonly host: string;
  readonly initialTwin?: InitialTwin;
  readonly payload?: unknown;
}

/** Reads the fields of an answer. The case of field names does not matter. Returns undefined if the answer has another form. */
function readAnswer(text: string | undefined): ReadAnswer | undefined {
  const value = parse(text);
  if (!isObject(value)) return undefined;
  const words = new Map(Object.entries(value).map(([name, word]) => [name.toLowerCase(), word]));
  const host = words.get('iothubhostname');
  const initialTwin = words.get('initialtwin') ?? undefined;
  const payload = words.get('payload') ?? undefined;
  if (typeof host !== 'string' || !(initialTwin === undefined || isInitialTwin(initialTwin))) return undefined;
  return {
    host,
    ...defined({ initialTwin, payload }),
  };
}

function parse(text: string | undefined): unknown {
  try {
    return text === undefined ? undefined : JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isInitialTwin(value: unknown): value is InitialTwin {
  if (!isObject(value)) return false;
  const { tags = {}, properties = {} } = value;
  return isObject(tags) && isObject(properties) && isObject(properties['desired'] ?? {});
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function badStatus(status: number): Problem {
  return { status: 400, errorCode: 400207, message: `Custom allocation failed with status code: ${status}` };
}

/**
 * Returns the problem of an unusable answer. Azure documents neither its message nor its error code. The switch
 * `webhookFailure` selects the error code.
 */
function unusable(fidelity: FidelitySettings, why: string): Problem {
  const errorCode = Number(fidelity.webhookFailure);
  return { status: Math.floor(errorCode / 1000), errorCode, message: `Custom allocation failed: ${why}.` };
}

function none(problem: Problem): { readonly kind: 'none'; readonly problem: Problem } {
  return { kind: 'none', problem };
}
