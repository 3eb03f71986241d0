import { afterAll, beforeAll, expect, test } from 'vitest';
import { controlled, startSharedLab, type SharedLab } from './lab-process.ts';

let lab: SharedLab;
beforeAll(async () => {
  lab = await startSharedLab('cloud: { assignment: PT0S }');
});
afterAll(async () => {
  expect(await lab.end()).toBe(0);
});

test('GET /openapi.json describes every route, and the lab has each described route', async () => {
  const { body } = await controlled(lab.ready, 'GET', '/openapi.json');
  expect(body['openapi']).toBe('3.1.0');
  const paths = body['paths'] as Readonly<Record<string, Readonly<Record<string, { readonly requestBody?: unknown }>>>>;
  // The answer to a request with an unknown path lists all routes.
  const { body: unknown } = await controlled(lab.ready, 'GET', '/nothing');
  const routes = String(unknown['error']).split('expected one of: ')[1]?.split(', ') ?? [];
  const described = Object.entries(paths).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => ({ method: method.toUpperCase(), path })),
  );
  expect(described).toHaveLength(routes.length);
  for (const { method, path } of described.filter((one) => one.path !== '/events')) {
    const filled = path.replace('{hub}', 'hub-eu').replaceAll(/\{\w+\}/g, 'unknown');
    // oxlint-disable-next-line no-await-in-loop -- one request at a time, because some routes change the lab
    const answer = await controlled(lab.ready, method, filled, method === 'POST' ? {} : undefined);
    // A path without a route answers 404 with the list of routes, and a wrong method 405.
    expect([
      method,
      path,
      answer.status === 405 || String(answer.body['error']).includes('expected one of: GET'),
    ]).toEqual([method, path, false]);
  }
  expect(paths['/faults']?.['post']?.requestBody).toMatchObject({
    content: {
      'application/json': {
        schema: { properties: { answer: expect.anything(), drop: expect.anything(), delay: expect.anything() } },
      },
    },
  });
  expect(Object.keys(paths)).toContain('/consumer-groups/{hub}/{group}');
});
