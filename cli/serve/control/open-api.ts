import { z } from 'zod';
import { packageVersion } from '../../package-root.ts';
import { type RouteDescription, routeDescriptions } from './route-descriptions.ts';

/** Returns the description of the control API in OpenAPI 3.1, made from the descriptions of its routes. */
export function openApi(): unknown {
  const paths: Record<string, Record<string, unknown>> = {};
  for (const [key, route] of Object.entries<RouteDescription>(routeDescriptions)) {
    const [method = '', pattern = ''] = key.split(' ');
    const path = templateOf(pattern, route.parameters ?? []);
    paths[path] = { ...paths[path], [method.toLowerCase()]: operationOf(route, key) };
  }
  return {
    openapi: '3.1.0',
    info: { title: 'Control API of rehearse serve', version: packageVersion() },
    security: [{ token: [] }],
    components: { securitySchemes: { token: { type: 'http', scheme: 'bearer' } } },
    paths,
  };
}

function templateOf(pattern: string, names: readonly string[]): string {
  const left = [...names];
  const path = pattern.replaceAll('*', () => `{${left.shift() ?? ''}}`);
  return [path, ...left.map((name) => `{${name}}`)].join('/');
}

function operationOf({ summary, parameters = [], query = [], body, status = 200 }: RouteDescription, key: string) {
  const type = key === 'GET /events' ? 'text/event-stream' : 'application/json';
  const refused = { description: 'refused; `error` has the reason', content: { 'application/json': {} } };
  return {
    summary,
    parameters: [
      ...parameters.map((name) => ({ name, in: 'path', required: true, schema: { type: 'string' } })),
      ...query.map((name) => ({ name, in: 'query', required: false, schema: { type: 'string' } })),
    ],
    ...(body === undefined
      ? {}
      : {
          requestBody: {
            required: true,
            content: { 'application/json': { schema: z.toJSONSchema(body, { io: 'input', unrepresentable: 'any' }) } },
          },
        }),
    responses: { [status]: { description: summary, content: { [type]: {} } }, default: refused },
  };
}
