import { z } from 'zod';
import { type Attestation, transports } from '../../core/history/events.ts';
import { fidelitySwitches } from '../../core/cloud/fidelity.ts';
import { expectationWords } from '../../core/run/expectations/index.ts';
import { expectedOutcomes } from '../../core/run/expected-outcome.ts';
import { retryModes } from '../devices/retry.ts';
import { tpmKinds } from '../devices/tpm-chip.ts';
import { keyStores } from '../key-stores/index.ts';
import { keyStoreNames, type KeyStoreName } from '../key-stores/key-store-name.ts';
import type { KeyStoreKind } from '../key-stores/key-store.ts';
import { allocationTerms, webhookSchema } from './words/allocation-words.ts';
import { faultShape, oneEffect, oneEffectSentence } from './words/fault-words.ts';
import { renewalSchema } from './words/renewal-words.ts';
import { vendorWords, type VendorWords } from './words/vendor-words.ts';
import { stationSchema } from './words/station-words.ts';
import {
  duration,
  firstNow,
  forwardWords,
  isForward,
  positiveDuration,
  reference,
  shownText,
  usableName,
  validity,
} from './words/words.ts';

type ExpectationShape = {
  [Word in (typeof expectationWords)[number] as Word['name']]: z.ZodOptional<Word['schema']>;
};

/** The assertion on a step: at least one word, and no two that exclude each other. */
export const expectationSchema = z
  .strictObject(
    Object.fromEntries(expectationWords.map(({ name, schema }) => [name, schema.optional()])) as ExpectationShape,
  )
  .refine((words) => Object.keys(words).length > 0, {
    error: 'expected at least one word, such as assigned or refused',
  })
  .refine((words) => words.assigned === undefined || words.refused === undefined, {
    error: 'a step cannot be both assigned and refused',
  })
  .refine((words) => words.done === undefined || words.refused === undefined, {
    error: 'a step cannot be both done and refused',
  })
  .meta({ description: 'The expected result of the step; every word must hold.' });

const ownCaWords = {
  issuer: reference('ca', 'The CA that signs this one; a root where absent.').optional(),
  validity: validity('From the start of the scenario.').default('P20Y'),
  key: z.enum(['P-256', 'RSA-2048']).default('P-256').meta({ description: 'Kind of key.' }),
  pathLength: z.int().min(0).optional().meta({ description: 'How many CAs may stand below this one.' }),
};

export const ownCaSchema = z
  .strictObject(ownCaWords)
  .meta({ description: 'A certificate authority of the manufacturer.' });

const caSchema = z
  .strictObject({
    kind: z.enum(['self-managed', 'third-party']).default('self-managed').meta({
      description: 'Who runs it: the manufacturer, with its key at hand, or a vendor that is asked over the network.',
    }),
    ...ownCaWords,
    ...vendorWords,
    keyStore: z.enum(['file', 'hsm']).optional().meta({
      description:
        'Where its key lives, file where absent: a file of the CA is read with all others, an HSM signs and gives no key.',
    }),
  })
  .refine(
    (ca) =>
      ca.kind === 'third-party' ||
      Object.keys(vendorWords).every((word) => ca[word as keyof VendorWords] === undefined),
    { error: `${Object.keys(vendorWords).join(', ')} go with kind: third-party` },
  )
  .meta({ description: 'A certificate authority.' });

const groupSchema = z
  .strictObject({
    x509: z
      .strictObject({
        ca: reference('ca', 'Devices whose chain passes through this CA belong to the group.').optional(),
        caReference: reference(
          'ca',
          'The same, but the group only names the CA: its certificate comes with upload-ca and has to be verified.',
        ).optional(),
        secondary: reference('ca', 'A second CA, for the time of a change.').optional(),
      })
      .refine((words) => (words.ca === undefined) !== (words.caReference === undefined), {
        error: 'expected either ca or caReference',
      })
      .optional()
      .meta({ description: 'A group by CA chain.' }),
    symmetricKey: z
      .literal(true)
      .optional()
      .meta({ description: 'A group by keys that are derived from a group key.' }),
    provisioningStatus: z
      .enum(['enabled', 'disabled'])
      .default('enabled')
      .meta({ description: 'Whether it lets devices in.' }),
    credentialPolicy: reference('policy', 'Policy by which devices that send a CSR get a certificate.').optional(),
    ...allocationTerms,
  })
  .refine((group) => (group.x509 === undefined) !== (group.symmetricKey === undefined), {
    error: 'expected either x509 or symmetricKey',
  })
  .meta({ description: 'An enrollment group, made when the scenario starts.' });

const fidelitySchema = z
  .strictObject(
    Object.fromEntries(
      Object.entries(fidelitySwitches).map(([name, { options, sentence }]) => [
        name,
        z
          .enum(options as readonly string[] as [string, ...string[]])
          .optional()
          .meta({ description: sentence }),
      ]),
    ),
  )
  .meta({ description: 'What the mock does where the real service’s answer is not publicly known.' });

const policySchema = z
  .strictObject({
    validityDays: z.int().min(1).max(90).default(30).meta({ description: 'How long an issued certificate is valid.' }),
  })
  .meta({ description: 'How certificates are issued to devices that send a CSR; each policy has an issuing CA.' });

const rate = (description: string) => z.int().min(1).optional().meta({ description });

const quotasSchema = z
  .strictObject({
    registrationsPerMinute: rate('Registrations and status lookups of all devices together; 1000 where absent.'),
    operationsPerMinute: rate('Operations of the service API; 1000 where absent.'),
    pollsPer10s: rate('Questions of one device after its operations; 5 where absent.'),
  })
  .transform((quotas) => Object.fromEntries(Object.entries(quotas).filter(([, limit]) => limit !== undefined)))
  .meta({ description: 'How much the service takes before it answers 429.' });

const hubName = z.string().regex(/^[A-Za-z0-9-]{3,50}$/, { error: 'expected 3 to 50 letters, digits and dashes' });

/** Also of the control API. */
export const consumerGroupName = z.string().regex(/^[A-Za-z0-9](?:[A-Za-z0-9._-]{0,48}[A-Za-z0-9])?$/, {
  error: 'expected 1 to 50 letters, digits, dots, dashes and underscores, with a letter or digit at both ends',
});

const hubSchema = z
  .strictObject({
    name: hubName.meta({ description: 'Name of the hub.' }),
    weight: z
      .int()
      .min(1)
      .max(1000)
      .default(1)
      .meta({ description: 'Its share of the devices where a hash spreads them.' }),
    latency: z.number().min(0).optional().meta({
      description: 'Milliseconds from the devices to it; farther than all others where absent.',
    }),
    allocation: z.boolean().default(true).meta({
      description: 'Whether enrollments that name no hubs may be given it.',
    }),
    events: z
      .strictObject({
        partitions: z.int().min(1).max(8).default(1).meta({ description: 'How many partitions it has.' }),
        consumerGroups: z.array(consumerGroupName).default([]).meta({ description: 'Beside `$Default`.' }),
      })
      .optional()
      .meta({ description: 'The built-in endpoint, at which an Event Hubs client reads telemetry.' }),
    certificateAuthorities: z.array(reference('ca', 'Name of a CA under `pki`.')).default([]).meta({
      description: 'CAs by which the hub recognises devices whose identity has the type `certificateAuthority`.',
    }),
  })
  .meta({ description: 'A linked IoT hub.' });

const faultSchema = z
  .strictObject({ ...faultShape, device: reference('device', 'Whom it strikes; everybody where absent.').optional() })
  .refine(oneEffect, { error: oneEffectSentence })
  .refine(isForward, forwardWords)
  .meta({ description: 'A fault of the service, after it has judged a device and before it does what was asked for.' });

const idScope = z
  .string()
  .regex(/^0ne[0-9A-Fa-f]{8}$/, { error: 'expected an ID scope such as 0ne00000001' })
  .meta({ description: 'ID scope of the provisioning service.' });

/** What a scenario and a lab say about the service and its hubs. */
export const cloudObject = z.strictObject({
  idScope: idScope.default('0ne00C0FFEE'),
  hubs: z
    .array(z.union([hubName, hubSchema]))
    .min(1)
    .default(['hub-eu'])
    .meta({ description: 'The linked IoT hubs, by their names or with more about each.' }),
  allocation: z.enum(['hashed', 'geoLatency', 'static']).default('hashed').meta({
    description: 'How a hub is chosen where an enrollment does not say it.',
  }),
  webhook: webhookSchema.optional(),
  enrollmentGroups: z.record(usableName, groupSchema).default({}).meta({ description: 'Enrollment groups by ID.' }),
  credentialPolicies: z
    .record(usableName, policySchema)
    .default({})
    .meta({ description: 'Credential policies by name.' }),
  quotas: quotasSchema.default({}),
  fidelity: fidelitySchema.default({}),
  retryAfter: z.int().min(1).max(300).default(3).meta({ description: 'Seconds that a 202 asks the device to wait.' }),
  assignment: duration('How long an assignment takes.').default('PT4S'),
});

/** Custom allocation needs somebody to ask. */
export function hasWebhook({
  webhook,
  enrollmentGroups,
}: Pick<z.output<typeof cloudObject>, 'webhook' | 'enrollmentGroups'>): boolean {
  return webhook !== undefined || Object.values(enrollmentGroups).every(({ allocation }) => allocation !== 'custom');
}

export const hasWebhookWords = {
  error: 'custom allocation asks a webhook; write one under cloud: webhook:',
  path: ['enrollmentGroups'],
};

const strangerSchema = z
  .strictObject({ idScope, hub: hubName.meta({ description: 'Name of its hub.' }) })
  .meta({ description: 'A provisioning service that another customer runs, with a hub of its own.' });

const cloudSchema = cloudObject
  .extend({
    faults: z
      .array(faultSchema)
      .default([])
      .meta({ description: 'Faults that the service has from the first instant.' }),
    aliases: z
      .array(z.hostname({ error: 'expected a host name such as devices.maker.example' }))
      .default([])
      .meta({
        description:
          "Names in somebody's own domain that lead to the endpoint for devices; its certificate knows nothing of them.",
      }),
    strangers: z
      .record(
        usableName.regex(/^[a-z][a-z0-9-]*$/, { error: 'expected a name in lower case such as rival' }),
        strangerSchema,
      )
      .default({})
      .meta({
        description:
          'Services of other customers, by name. All devices of the world call one endpoint; the ID scope says whose service they mean.',
      }),
    serverRoots: z.array(usableName).min(1).default(['server-root']).meta({
      description: 'Roots that the servers may stand under, in use from the first on: see replace-server-root.',
    }),
  })
  .refine(hasWebhook, hasWebhookWords)
  .refine(hasScopesApart, { error: 'each service has an ID scope of its own', path: ['strangers'] })
  .refine(hasHubsApart, { error: 'each hub is in one service only', path: ['strangers'] })
  .meta({ description: 'The provisioning service and its hubs.' });

type Tenants = Readonly<Record<string, z.output<typeof strangerSchema>>>;

function hasScopesApart({ idScope, strangers }: { readonly idScope: string; readonly strangers: Tenants }): boolean {
  return areApart([idScope, ...Object.values(strangers).map((stranger) => stranger.idScope)]);
}

function hasHubsApart({
  hubs,
  strangers,
}: {
  readonly hubs: readonly (string | z.output<typeof hubSchema>)[];
  readonly strangers: Tenants;
}): boolean {
  const own = hubs.map((hub) => (typeof hub === 'string' ? hub : hub.name));
  // One that is there twice is told of by itself.
  return areApart([
    ...new Set(own.map((name) => name.toLowerCase())),
    ...Object.values(strangers).map(({ hub }) => hub),
  ]);
}

/** Compared without case, as services compare them. */
function areApart(names: readonly string[]): boolean {
  return new Set(names.map((name) => name.toLowerCase())).size === names.length;
}

const deviceSchema = z
  .strictObject({
    attestation: z.enum(['x509', 'tpm', 'symmetricKey']).meta({ description: 'How the device proves who it is.' }),
    transport: z.enum(transports).optional().meta({
      description: 'mqtt where absent, https for a TPM; -ws is inside a WebSocket, on the port of HTTPS.',
    }),
    keyStore: z.enum(keyStoreNames).optional().meta({
      description:
        'Where the key lives; tpm for a TPM and file for others where absent. image (in the firmware, one key in all devices of the entry) and file give a thief a copy, tee its use while their code runs there, hsm and tpm its use while they have the device.',
    }),
    registrationId: z.string().optional().meta({
      description: "The device's name where absent; `from-endorsement-key` for the TPM's own default.",
    }),
    count: z.int().min(1).max(1000).optional().meta({ description: 'A fleet: name-1, name-2, …' }),
    ntp: z.boolean().default(true).meta({ description: 'Whether the device asks for the time when it starts.' }),
    clockDrift: z
      .number()
      .min(-1_000_000)
      .max(1_000_000)
      .default(0)
      .meta({ description: 'Seconds that the clock gains in a million.' }),
    tokenLifetime: positiveDuration('How long the tokens live that it signs; an hour where absent.').optional(),
    checksServerValidity: z.boolean().default(true).meta({
      description: "Whether the device looks at the dates in the server's certificates.",
    }),
    trustsAnyone: z.boolean().default(false).meta({
      description:
        'Whether it goes on with whatever server answers, as clients do whose verification was switched off.',
    }),
    trustBundle: z
      .array(reference('root', 'Name of a server root.'))
      .optional()
      .meta({ description: 'Server roots that it is flashed with; the first of the cloud where absent.' }),
    boot: z.enum(['hub-first', 'always-register']).default('hub-first').meta({
      description: 'hub-first tries the hub it was assigned to before it registers again.',
    }),
    retry: z.enum(retryModes).default('back-off').meta({
      description:
        'After a 429 or a fault of the service: back-off waits longer each time and not as long as its neighbours (1, 2, 4 … 64 seconds or what the service asks for, and up to twice that by chance), at-once does not wait, none gives up. At the eighth refusal in a row a device gives up until it is started again: a back-off lasts some 2 to 4 minutes, so it does not outlast an outage of half an hour.',
    }),
    credential: z.enum(['own', 'issued-by-dps']).default('own').meta({
      description:
        'What the device shows the hub: what it registered with, or a certificate that it sends DPS a signing request for.',
    }),
    renewal: renewalSchema.optional(),
    csrName: z.string().min(1).optional().meta({
      description: 'Common name in the signing request; the registration ID where absent.',
    }),
    tpmKind: z.enum(tpmKinds).optional().meta({
      description: 'How the TPM is built; discrete where absent. The state of a software TPM can be copied.',
    }),
    ekTemplate: z
      .enum(['sdk', 'tcg-l1'])
      .default('sdk')
      .meta({ description: 'Which template the endorsement key is made from.' }),
  })
  .refine((device) => device.attestation !== 'tpm' || device.transport?.startsWith('mqtt') !== true, {
    error: 'TPM attestation is not available over MQTT; write transport: https, amqp or amqp-ws',
    path: ['transport'],
  })
  .refine(({ attestation, keyStore }) => keyStore === undefined || holds(keyStore, attestation), {
    error: 'attestation: tpm is done with the keys of a TPM; write keyStore: tpm or leave it out',
    path: ['keyStore'],
  })
  .refine((device) => device.tpmKind === undefined || device.attestation === 'tpm', {
    error: 'tpmKind goes with attestation: tpm',
    path: ['tpmKind'],
  })
  .refine((device) => device.csrName === undefined || device.credential === 'issued-by-dps', {
    error: 'csrName goes with credential: issued-by-dps',
    path: ['csrName'],
  })
  .refine(
    ({ renewal, attestation, credential }) =>
      renewal === undefined || (renewal.from === 'dps' ? credential === 'issued-by-dps' : attestation === 'x509'),
    {
      error: 'renewal from: dps goes with credential: issued-by-dps, and from a CA with attestation: x509',
      path: ['renewal'],
    },
  )
  .meta({ description: 'A device, or a fleet of equal devices.' });

function holds(keyStore: KeyStoreName, attestation: Attestation): boolean {
  const { holdsFor }: KeyStoreKind = keyStores[keyStore];
  return holdsFor.includes(attestation);
}

/** Everything in a scenario file but the timeline, whose steps the loader reads by their kinds. */
export const headSchema = z.strictObject({
  title: shownText.min(1).meta({ description: 'One line that says what happens.' }),
  covers: z
    .array(z.string())
    .default([])
    .meta({ description: 'Topics of the guidance (topics.yaml) that this scenario shows.' }),
  story: shownText.optional().meta({ description: 'What happens, for people who watch.' }),
  attack: z.string().optional().meta({ description: 'The attack that it rehearses (see docs/attacks.md).' }),
  teaches: shownText.optional().meta({ description: 'What to take home.' }),
  shows: z.enum(expectedOutcomes).optional().meta({
    description:
      'Whether the practice goes well here or what goes wrong without it; an entry of the matrix may say so for itself. Where absent: wrong as soon as a device is kept out or an attacker let in.',
  }),
  tags: z
    .array(z.string().regex(/^[\w-]+$/, { error: 'expected letters, digits and dashes' }))
    .default([])
    .meta({ description: 'Words to select by.' }),
  start: firstNow(
    'When the timeline begins, from 1950 to 9899. The server certificates of the mock are valid from 2000 to 2099.',
  ).default('2026-01-05T08:00:00Z'),
  seed: z.string().optional().meta({ description: 'Fixes every draw of chance; `--seed` overrides it.' }),
  pki: z.record(usableName, caSchema).default({}).meta({ description: 'Certificate authorities by name.' }),
  keys: z
    .array(usableName)
    .default([])
    .meta({ description: 'Names of symmetric keys that the manufacturer makes to share.' }),
  cloud: cloudSchema.prefault({}),
  stations: z.record(usableName, stationSchema).default({}).meta({ description: 'Stations and desks by name.' }),
  devices: z.record(usableName, deviceSchema).meta({ description: 'Devices by name.' }),
});

export type ScenarioHead = z.output<typeof headSchema>;
export type DeviceSpec = z.output<typeof deviceSchema>;
export type OwnCaSpec = z.output<typeof ownCaSchema>;
export type CaSpec = z.output<typeof caSchema>;
export type HubSpec = ScenarioHead['cloud']['hubs'][number];
export type GroupSpec = z.output<typeof groupSchema>;
