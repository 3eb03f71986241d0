import type { ConfigurationTerms } from '../../../hub/configurations/configuration.ts';
import { done, failed, failedWith, succeeded, type Result } from '../../../../core/result.ts';
import { hubProblems, saying, type HubProblem } from '../../../hub/hub-problems.ts';
import { isJsonObject } from '../../../hub/twins/json-value.ts';
import { parseCondition, parseQuery } from '../../../hub/query/parse-query.ts';

/** Reads the JSON of a configuration. Ignores properties that only the hub sets. */
export function readConfiguration(id: string, value: unknown): Result<ConfigurationTerms, HubProblem> {
  if (!isJsonObject(value)) return failedWith(hubProblems.formatError);
  if (!idShape.test(id)) {
    return invalid(`id must have 1 to 128 lower-case letters, digits and -:+%_#*?!(),=@;'`);
  }
  if (value['id'] !== undefined && value['id'] !== id)
    return invalid('id in the body differs from the ID in the path.');
  const content = value['content'];
  if (!isJsonObject(content)) return failedWith(saying(hubProblems.invalidContent, 'content must be a JSON object.'));
  const checked = checkContent(content);
  if (!checked.ok) return failedWith(saying(hubProblems.invalidContent, checked.failure.sentence));
  const condition = readTargetCondition(value['targetCondition'] ?? '', content['moduleContent'] !== undefined);
  if (!condition.ok) return failedWith(saying(hubProblems.invalidCondition, condition.failure.sentence));
  const priority = value['priority'] ?? 0;
  if (typeof priority !== 'number' || !Number.isInteger(priority) || priority < 0) {
    return invalid('priority must be a whole number of at least 0.');
  }
  const labels = value['labels'] ?? undefined;
  if (labels !== undefined && !isJsonObject(labels)) return invalid('labels must be a JSON object.');
  const metrics = readMetrics(value['metrics']);
  if (!metrics.ok) return failedWith(saying(hubProblems.invalidMetrics, metrics.failure.sentence));
  const targetCondition = condition.value;
  return succeeded({ id, content, targetCondition, priority, labels, metrics: metrics.value });
}

/**
 * Checks that the content of a configuration has at least one known member, and that the twin paths in it are valid.
 */
export function checkContent(content: Readonly<Record<string, unknown>>): Result<undefined> {
  const kinds = contentKinds.filter((kind) => (content[kind] ?? undefined) !== undefined);
  if (kinds.length === 0) return invalidContent(`content must have at least one of: ${contentKinds.join(', ')}.`);
  if (kinds.some((kind) => !isJsonObject(content[kind])))
    return invalidContent('Each member of content must be a JSON object.');
  for (const kind of ['deviceContent', 'moduleContent']) {
    const paths = isJsonObject(content[kind]) ? content[kind] : {};
    for (const [path, value] of Object.entries(paths)) {
      if (!/^properties\.desired(\.[^.]+)*$/.test(path)) {
        return invalidContent(`The twin path "${path}" must start with properties.desired.`);
      }
      if (path === 'properties.desired' && !isJsonObject(value)) {
        return invalidContent('properties.desired must be a JSON object.');
      }
    }
  }
  return done;
}

function invalidContent(sentence: string): Result<never> {
  return failed('invalid-content', sentence);
}

/** Reads a target condition. Does not check conditions for modules. */
export function readTargetCondition(condition: unknown, isForModules: boolean): Result<string> {
  if (typeof condition !== 'string') return failed('invalid-condition', 'targetCondition must be a string.');
  if (isForModules || condition.trim() === '') return succeeded(condition);
  const parsed = parseCondition(condition);
  return parsed.ok ? succeeded(condition) : parsed;
}

function readMetrics(value: unknown): Result<Readonly<Record<string, string>>> {
  const queries = isJsonObject(value) ? (value['queries'] ?? {}) : {};
  if (!isJsonObject(queries)) return invalidMetrics('metrics.queries must be a JSON object of queries.');
  const entries = Object.entries(queries);
  if (entries.length > metricLimit) {
    return invalidMetrics(`metrics.queries must have at most ${metricLimit} queries.`);
  }
  for (const [name, text] of entries) {
    const parsed = parseQuery(typeof text === 'string' ? text : '');
    if (!parsed.ok && !/from\s+devices\.modules/i.test(String(text))) {
      return invalidMetrics(`metrics.queries.${name} is not a valid query: ${parsed.failure.sentence}`);
    }
  }
  return succeeded(Object.fromEntries(entries.map(([name, text]) => [name, String(text)])));
}

function invalidMetrics(sentence: string): Result<never> {
  return failed('invalid-metrics', sentence);
}

function invalid(message: string): Result<never, HubProblem> {
  return failedWith(saying(hubProblems.argumentInvalid, message));
}

const contentKinds = ['deviceContent', 'moduleContent', 'modulesContent'] as const;
const idShape = /^[a-z0-9\-:+%_#*?!(),=@;']{1,128}$/;
const metricLimit = 5;
