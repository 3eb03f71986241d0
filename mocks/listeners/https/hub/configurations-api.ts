import type { JsonObject } from '../../../../core/wire/enrollment.ts';
import type { Configuration, ConfigurationTerms } from '../../../hub/configurations/configuration.ts';
import { hubInstant } from '../../../hub/hub-instant.ts';
import type { Hub } from '../../../hub/hub.ts';
import { hubProblems, saying, type HubProblem } from '../../../hub/hub-problems.ts';
import { isJsonObject } from '../../../hub/twins/json-value.ts';
import { parseQuery } from '../../../hub/query/parse-query.ts';
import { runQuery } from '../../../hub/query/run-query.ts';
import type { HubCall, HubReply } from './hub-reply.ts';
import { ifMatchOf } from '../if-match.ts';
import { parseJson } from '../../shared/parse-json.ts';
import { checkContent, readConfiguration, readTargetCondition } from './read-configuration.ts';

/** The API for automatic device management: `/configurations`, and content for one device. */
export const configurationsApi = {
  /** Creates a configuration if the request has no If-Match; updates it if the request has If-Match. */
  put: ({ hub, request }: HubCall): HubReply => {
    const json = parseJson(request.body ?? Buffer.alloc(0));
    if (json === undefined) return { problem: hubProblems.formatError };
    const read = readConfiguration(request.path[1] ?? '', json.value);
    if (!read.ok) return { problem: read.failure };
    const ifMatch = ifMatchOf(request);
    const outcome =
      ifMatch === undefined ? hub.configurations.create(read.value) : hub.configurations.update(read.value, ifMatch);
    return outcome.ok ? configurationReply(outcome.value, hub) : { problem: outcome.failure };
  },

  get: ({ hub, request }: HubCall): HubReply => {
    const configuration = hub.configurations.find(request.path[1] ?? '');
    return configuration === undefined
      ? { problem: hubProblems.configurationNotFound }
      : configurationReply(configuration, hub);
  },

  delete: ({ hub, request }: HubCall): HubReply => {
    const problem = hub.configurations.delete(request.path[1] ?? '', ifMatchOf(request) ?? '*');
    return problem === undefined ? { status: 204 } : { problem };
  },

  list: ({ hub, request }: HubCall): HubReply => {
    const top = Number(request.query.get('top') ?? longestList);
    if (!Number.isInteger(top) || top < 1) {
      return { problem: saying(hubProblems.argumentInvalid, 'top must be a whole number of at least 1.') };
    }
    return {
      status: 200,
      body: hub.configurations
        .all()
        .slice(0, top)
        .map((each) => configurationJson(each, hub)),
    };
  },

  /** Checks a target condition and metric queries without storing anything. */
  testQueries: ({ request }: HubCall): HubReply => {
    const body = parseJson(request.body ?? Buffer.alloc(0))?.value;
    if (!isJsonObject(body)) return { problem: hubProblems.formatError };
    const { targetCondition = '', customMetricQueries = {} } = body;
    const condition = readTargetCondition(targetCondition, false);
    const queries = Object.entries(isJsonObject(customMetricQueries) ? customMetricQueries : {});
    const errors = queries.flatMap(([name, query]) => {
      const parsed = parseQuery(typeof query === 'string' ? query : '');
      return parsed.ok ? [] : [[name, parsed.failure.sentence]];
    });
    return {
      status: 200,
      body: {
        ...(condition.ok ? {} : { targetConditionError: condition.failure.sentence }),
        customMetricQueryErrors: Object.fromEntries(errors),
      },
    };
  },

  /**
   * Writes content into the twin of one device. The hub stores no configuration for this content, so it never applies
   * the content again.
   */
  apply: ({ hub, request, deviceId }: HubCall): HubReply => {
    const content = parseJson(request.body ?? Buffer.alloc(0))?.value;
    if (!isJsonObject(content)) return { problem: hubProblems.formatError };
    const problem =
      hub.identities.find(deviceId) === undefined ? hubProblems.deviceNotFound : applyOnce(hub, deviceId, content);
    return problem === undefined ? { status: 204 } : { problem };
  },
} as const;

function applyOnce(hub: Hub, deviceId: string, content: JsonObject): HubProblem | undefined {
  if (isJsonObject(content['modulesContent']) && Object.keys(content['modulesContent']).length > 0) {
    const sentence = 'rehearse does not support modulesContent, the deployment of modules; a real IoT hub does.';
    return saying(hubProblems.notOffered, sentence);
  }
  const checked = checkContent(content);
  if (!checked.ok) return saying(hubProblems.invalidContent, checked.failure.sentence);
  return hub.applyOnce(deviceId, content);
}

function configurationReply(configuration: Configuration, hub: Hub): HubReply {
  return {
    status: 200,
    headers: { ETag: `"${configuration.etag}"` },
    body: configurationJson(configuration, hub),
  };
}

function configurationJson(configuration: Configuration, hub: Hub): JsonObject {
  const { id, content, labels, targetCondition, priority, metrics, etag, createdAt, updatedAt } = configuration;
  const { targeted, applied } = hub.configurations.counts(id);
  return {
    id,
    schemaVersion: '1.0',
    labels: labels ?? null,
    content,
    targetCondition,
    createdTimeUtc: hubInstant(createdAt),
    lastUpdatedTimeUtc: hubInstant(updatedAt),
    priority,
    systemMetrics: {
      results: { targetedCount: targeted, appliedCount: applied },
      queries: {
        targetedCount: targetQuery(targetCondition),
        appliedCount: `select deviceId from devices where configurations.[[${id}]].status = 'Applied'`,
      },
    },
    metrics: { results: metricResults(metrics, hub), queries: metrics },
    etag,
  };
}

function targetQuery(condition: string): string {
  if (condition.trim() === '') return '';
  return condition.trim() === '*' ? 'select deviceId from devices' : `select deviceId from devices where ${condition}`;
}

/** Returns the number of rows of each metric query. */
function metricResults(metrics: ConfigurationTerms['metrics'], hub: Hub): JsonObject {
  return Object.fromEntries(
    Object.entries(metrics).map(([name, text]) => {
      const parsed = parseQuery(text);
      const isOfTwins = parsed.ok && parsed.value.from === 'devices';
      return [name, isOfTwins ? runQuery(parsed.value, hub.twinDocuments()).length : 0];
    }),
  );
}

const longestList = 100;
