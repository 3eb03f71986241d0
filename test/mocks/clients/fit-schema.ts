import { readFileSync } from 'node:fs';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import { expect } from 'vitest';

/** All calls share one Ajv instance, so that it compiles the meta-schema only once. */
const ajv = new Ajv2020({ strict: true });
const validators = new Map<string, ValidateFunction>();

/**
 * Expects that a body matches a schema of `test/schemas`. The schemas describe the answers of the real service.
 * @param name file below `test/schemas`, such as `device/device-failed`.
 */
export function expectFit(name: string, body: unknown): void {
  const validate = validators.get(name) ?? ajv.compile(JSON.parse(readFileSync(`test/schemas/${name}.json`, 'utf8')));
  validators.set(name, validate);
  validate(body);
  expect(validate.errors, `${name}: ${JSON.stringify(body)}`).toBeNull();
}
