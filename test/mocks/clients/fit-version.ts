import { readFileSync } from 'node:fs';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import { expect } from 'vitest';

/** A part of a JSON Schema, as read from a file of `test/schemas`. */
interface Schema {
  readonly properties?: Record<string, unknown>;
  readonly items?: Schema;
}

const chain = {
  type: 'array',
  minItems: 3,
  items: { type: 'string', pattern: '^MII[A-Za-z0-9+/]+={0,2}$' },
} as const;
const registryName = { type: 'string', minLength: 3, maxLength: 63, pattern: '^[0-9a-zA-Z][a-zA-Z0-9-]*$' } as const;

/** The members that only some API versions have, written from the REST descriptions of the device and the service API. */
const words = {
  csr: {},
  issuedCertificateChain: chain,
  connectionProfile: { enum: ['classic', 'mqttV5', null] },
  credentialPolicyName: { type: 'string' },
  namespaceName: { type: 'string', minLength: 3, maxLength: 64, pattern: '^[a-z0-9][a-z0-9-]*[a-z0-9]$' },
  certificateAuthorityName: registryName,
  certificatePolicyName: registryName,
} as const satisfies Record<string, object>;

type Word = keyof typeof words;
const certificatePolicy = ['namespaceName', 'certificateAuthorityName', 'certificatePolicyName'] as const;

/** The members of `words` that each API version has, in requests and answers. */
export const wordsOfVersion: Readonly<Record<string, readonly Word[]>> = {
  '2017-08-31-preview': [],
  '2017-11-15': [],
  '2018-04-01': [],
  '2018-09-01-preview': [],
  '2018-11-01': [],
  '2019-03-31': [],
  '2019-04-15': [],
  '2021-06-01': [],
  '2021-10-01': [],
  '2025-07-01-preview': ['csr', 'issuedCertificateChain', 'credentialPolicyName'],
  '2026-04-01': ['csr', 'issuedCertificateChain', 'credentialPolicyName'],
  '2026-11-01': ['csr', 'issuedCertificateChain', ...certificatePolicy],
  '2026-11-02-preview': ['csr', 'issuedCertificateChain', 'connectionProfile', ...certificatePolicy],
};

const enrollmentWords: readonly string[] = ['credentialPolicyName', ...certificatePolicy];
/** All calls share one Ajv instance, so that it compiles the meta-schema only once. */
const ajv = new Ajv2020({ strict: true });
const validators = new Map<string, ValidateFunction>();

/** Returns the enrollment members that an API version has in addition to the members of 2021-10-01. */
export function enrollmentWordsOf(apiVersion: string): readonly string[] {
  return (wordsOfVersion[apiVersion] ?? []).filter((word) => enrollmentWords.includes(word));
}

/**
 * Expects that a body matches the schema of 2021-10-01 with the members that an API version adds, and no other members.
 * @param name file below `test/schemas`, such as `service/enrollment-group`.
 * @param without members that this answer never has, such as the certificate chain in the answer to a status lookup.
 */
export function expectFitVersion(name: string, apiVersion: string, body: unknown, without: readonly Word[] = []): void {
  const key = [name, apiVersion, ...without].join(' ');
  const validate = validators.get(key) ?? ajv.compile(schemaOf(name, apiVersion, without));
  validators.set(key, validate);
  validate(body);
  expect(validate.errors, `${key}: ${JSON.stringify(body)}`).toBeNull();
}

function schemaOf(name: string, apiVersion: string, without: readonly Word[]): object {
  const schema = JSON.parse(readFileSync(`test/schemas/${name}.json`, 'utf8')) as Schema;
  const outer = schema.items ?? schema;
  const isEnrollment = name.startsWith('service/');
  const inner = outer.properties?.['registrationState'] as Schema | undefined;
  const properties = (isEnrollment ? outer : (inner ?? outer)).properties ?? {};
  for (const word of wordsOfVersion[apiVersion] ?? []) {
    if (word === 'csr' || without.includes(word) || enrollmentWords.includes(word) !== isEnrollment) continue;
    properties[word] = words[word];
  }
  return schema;
}
