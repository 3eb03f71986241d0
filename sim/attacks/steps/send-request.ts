import { z } from 'zod';
import { defined } from '../../../core/defined.ts';
import { deviceApiVersion, issuingApiVersion } from '../../../core/wire/dps-wire.ts';
import { textIn } from '../../../core/wire/value-in.ts';
import { definition, reference } from '../../scenario/words/words.ts';
import type { Attacker } from '../attacker.ts';
import { hostileStep } from '../hostile-step.ts';
import { makeRequest, requestWays } from '../signing-request.ts';
import { tokenOf, tokenWords } from '../token-of.ts';
import type { WireRequest } from '../wires.ts';

const args = z.strictObject({
  to: z
    .union([z.enum(['devices', 'service']), reference('hub', 'A hub.')])
    .meta({ description: 'The DPS endpoint for devices, the service API, or a hub by its name.' }),
  method: z
    .enum(['GET', 'POST', 'PUT', 'PATCH', 'DELETE'])
    .default('GET')
    .meta({ description: 'HTTP method of the request.' }),
  path: z.string().startsWith('/').meta({
    description:
      'Path, percent-encoded and sent unchanged. If the path has no api-version, the step adds the usual one.',
  }),
  body: z.record(z.string(), z.unknown()).optional().meta({ description: 'Body, sent as JSON. Default: none.' }),
  certificate: reference('loot', 'Loot: its certificate becomes the member `certificate` of the body.').optional(),
  csr: z
    .strictObject({
      name: z.string().min(1).meta({ description: 'Common name in the signing request.' }),
      how: z
        .enum(requestWays)
        .default('plain')
        .meta({ description: 'plain: the request follows every rule. Every other value breaks one rule.' }),
    })
    .optional()
    .meta({ description: 'Signing request that becomes the member `csr` of the body.' }),
  with: reference(
    'loot',
    'Loot: a token, or a key with which the attacker makes a token. Default: no token.',
  ).optional(),
  token: tokenWords.optional(),
  ifMatch: reference('loot', 'ETag from the answer to an earlier request, sent in the If-Match header.').optional(),
  times: z.int().min(1).max(100).default(1).meta({ description: 'Number of requests at the same instant.' }),
  as: definition('loot', 'Name for the ETag in the answer.').optional(),
});

export const sendRequestStep = hostileStep({
  name: 'send-request',
  summary: 'An attacker sends a chosen request over HTTPS. `expect` names the check that rejects the request.',
  shorthand: 'path',
  args,
  run: async (attacker, words) => {
    const request = await written(attacker, words);
    const answers: number[] = [];
    let etag: string | undefined;
    const send = async (): Promise<void> => {
      const { status, body } = await attacker.wires.request(request);
      answers.push(status);
      etag = textIn(body, 'etag') ?? etag;
    };
    await attacker.all(Array.from({ length: words.times }, () => send));
    if (words.as !== undefined) {
      if (etag === undefined)
        return attacker.refuse(
          `the answer ${answers.join(', ')} has no ETag, but \`as\` needs one; remove \`as\` or request a resource with an ETag`,
        );
      attacker.keep(words.as, { kind: 'etag', etag });
    }
    attacker.tell(words.path, `${words.method} at ${request.host} is answered with ${answers.join(', ')}`);
    return undefined;
  },
});

async function written(attacker: Attacker, words: z.output<typeof args>): Promise<WireRequest> {
  const { to, method, path, with: loot, token, ifMatch } = words;
  const host = attacker.wires.hostOf(to);
  const body = await bodyOf(attacker, words);
  const version = path.includes('api-version=')
    ? ''
    : `${path.includes('?') ? '&' : '?'}api-version=${words.csr === undefined ? usualVersion(to) : issuingApiVersion}`;
  return {
    host,
    method,
    path: path + version,
    ...defined({
      body,
      token: loot === undefined ? undefined : tokenOf(attacker, loot, token, usualToken(attacker, words, host)),
      ifMatch: ifMatch === undefined ? undefined : versionSeen(attacker, ifMatch),
    }),
  };
}

function usualVersion(to: string): string {
  if (to === 'devices') return deviceApiVersion;
  return to === 'service' ? '2021-10-01' : '2021-04-12';
}

/**
 * Returns the default resource and key name of a token. The token of a device is for its registration or its hub identity. The token of a
 * policy is for a whole host.
 */
function usualToken(attacker: Attacker, { to, path, with: loot }: z.output<typeof args>, host: string) {
  const [, first = '', second = '', third = ''] = (path.split('?')[0] ?? '').split('/').map(decodeURIComponent);
  if (to === 'devices') return { resource: `${first}/${second}/${third}`, keyName: 'registration' };
  const isPolicy = to === 'service' || attacker.held(loot ?? '').kind === 'policy-key';
  return { resource: isPolicy ? host : `${host}/devices/${second}`, keyName: undefined };
}

async function bodyOf(attacker: Attacker, { body, certificate, csr }: z.output<typeof args>) {
  if (body === undefined && certificate === undefined && csr === undefined) return undefined;
  return {
    ...body,
    ...defined({
      certificate: certificate === undefined ? undefined : certificateIn(attacker, certificate).toString('base64'),
      csr: csr === undefined ? undefined : (await makeRequest(csr.name, csr.how)).csr,
    }),
  };
}

function certificateIn(attacker: Attacker, name: string): Buffer {
  const loot = attacker.held(name);
  if (loot.kind === 'certificate') return loot.certificate.leaf;
  return loot.kind === 'ca'
    ? loot.ca.certificate.der
    : attacker.refuse(`loot "${name}" has the kind ${loot.kind}, but a certificate is expected; name other loot`);
}

function versionSeen(attacker: Attacker, name: string): string {
  const loot = attacker.held(name);
  return loot.kind === 'etag'
    ? loot.etag
    : attacker.refuse(
        `loot "${name}" has the kind ${loot.kind}, but an ETag is expected; keep one with send-request and \`as\``,
      );
}
