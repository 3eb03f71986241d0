import type { ConfigurationTerms } from '../../../hub/configurations/configuration.ts';
import { hubProblems, saying, type HubProblem } from '../../../hub/hub-problems.ts';
import { isJsonObject } from '../../../hub/twins/json-value.ts';
import { parseCondition, parseQuery } from '../../../hub/query/parse-query.ts';

/** Reads the JSON of a configuration. Properties that only the hub writes are ignored. */
export function readConfiguration(
  id: string,
  value: unknown,
): { readonly terms: ConfigurationTerms } | { readonly problem: HubProblem } {
  if (!isJsonObject(value)) return { problem: hubProblems.formatError };
  if (!idShape.test(id)) {
    return invalid(`A configuration ID has 1 to 128 lower-case letters, digits and -:+%_#*?!(),=@;' only.`);
  }
  if (value['id'] !== undefined && value['id'] !== id) return invalid('The ID of the body is not that of the path.');
  const content = value['content'];
  const trouble = isJsonObject(content) ? contentTrouble(content) : 'A configuration has content.';
  if (!isJsonObject(content) || trouble !== undefined) {
    return { problem: saying(hubProblems.invalidContent, trouble ?? '') };
  }
  const targetCondition = value['targetCondition'] ?? '';
  const wrong = conditionTrouble(targetCondition, content['moduleContent'] !== undefined);
  if (typeof targetCondition !== 'string' || wrong !== undefined) {
    return { problem: saying(hubProblems.invalidCondition, wrong ?? '') };
  }
  const priority = value['priority'] ?? 0;
  if (typeof priority !== 'number' || !Number.isInteger(priority) || priority < 0) {
    return invalid('priority is a whole number from 0 on.');
  }
  const labels = value['labels'] ?? undefined;
  if (labels !== undefined && !isJsonObject(labels)) return invalid('labels are an object.');
  const metrics = readMetrics(value['metrics']);
  if (typeof metrics === 'string') return { problem: saying(hubProblems.invalidMetrics, metrics) };
  return { terms: { id, content, targetCondition, priority, labels, metrics } };
}

/** Returns the problem of a configuration's content, or undefined. */
export function contentTrouble(content: Readonly<Record<string, unknown>>): string | undefined {
  const kinds = contentKinds.filter((kind) => (content[kind] ?? undefined) !== undefined);
  if (kinds.length === 0) return `Content has one of: ${contentKinds.join(', ')}.`;
  if (kinds.some((kind) => !isJsonObject(content[kind]))) return 'Each content is an object.';
  for (const kind of ['deviceContent', 'moduleContent']) {
    const paths = isJsonObject(content[kind]) ? content[kind] : {};
    for (const [path, value] of Object.entries(paths)) {
      if (!/^properties\.desired(\.[^.]+)*$/.test(path)) return `The twin path "${path}" is not in properties.desired.`;
      if (path === 'properties.desired' && !isJsonObject(value)) return 'properties.desired is an object.';
    }
  }
  return undefined;
}

/** Returns the problem of a target condition, or undefined. Conditions for modules are not checked. */
export function conditionTrouble(condition: unknown, isForModules: boolean): string | undefined {
  if (typeof condition !== 'string') return 'targetCondition is a text.';
  if (isForModules || condition.trim() === '') return undefined;
  const parsed = parseCondition(condition);
  return parsed.ok ? undefined : parsed.failure.sentence;
}

function readMetrics(value: unknown): Readonly<Record<string, string>> | string {
  const queries = isJsonObject(value) ? (value['queries'] ?? {}) : {};
  if (!isJsonObject(queries)) return 'metrics.queries is an object of queries.';
  const entries = Object.entries(queries);
  if (entries.length > metricLimit) return `A configuration has at most ${metricLimit} custom metrics.`;
  for (const [name, text] of entries) {
    const parsed = parseQuery(typeof text === 'string' ? text : '');
    if (!parsed.ok && !/from\s+devices\.modules/i.test(String(text)))
      return `The metric ${name}: ${parsed.failure.sentence}`;
  }
  return Object.fromEntries(entries.map(([name, text]) => [name, String(text)]));
}

function invalid(message: string): { readonly problem: HubProblem } {
  return { problem: saying(hubProblems.argumentInvalid, message) };
}

const contentKinds = ['deviceContent', 'moduleContent', 'modulesContent'] as const;
const idShape = /^[a-z0-9\-:+%_#*?!(),=@;']{1,128}$/;
const metricLimit = 5;
