import { isRow, offerableGroups, offerableSuites } from '../../core/wire/tls/client-tls.ts';
import { tlsVersions } from '../../core/wire/tls/tls-names.ts';
import { tlsProfileNames } from '../../core/wire/tls/tls-profiles.ts';
import { z } from 'zod';
import { entraRoles } from '../../core/wire/entra-roles.ts';
import { type Attestation, transports } from '../../core/history/events.ts';
import { fidelitySwitches } from '../../core/cloud/fidelity.ts';
import { expectationWords } from '../../core/run/expectations/index.ts';
import { expectedOutcomes } from '../../core/run/expected-outcome.ts';
import { deviceApiVersions } from '../../core/wire/dps-wire.ts';
import { namespaceNameRule, registryNameRule } from '../../core/wire/registry-names.ts';
import { tpmKinds } from '../devices/tpm-chip.ts';
import { keyStores } from '../key-stores/index.ts';
import { keyStoreNames, type KeyStoreName } from '../key-stores/key-store-name.ts';
import type { KeyStoreKind } from '../key-stores/key-store.ts';
import { allocationTerms, webhookSchema } from './words/allocation-words.ts';
import { faultShape, oneEffect, oneEffectSentence } from './words/fault-words.ts';
import { fleetSchema, retrySchema, triesSchema } from './words/fleet-words.ts';
import { certificatePolicyTerms } from './words/registry-words.ts';
import { programSchema } from './words/program-words.ts';
import { renewalSchema } from './words/renewal-words.ts';
import { updateScriptSchema } from './words/update-words.ts';
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

/** The assertions under `expect`: at least one key, and no two keys that exclude each other. */
export const expectationSchema = z
  .strictObject(
    Object.fromEntries(expectationWords.map(({ name, schema }) => [name, schema.optional()])) as ExpectationShape,
  )
  .refine((words) => Object.keys(words).length > 0, {
    error: 'expected at least one word, such as assigned or refused',
  })
  .refine((words) => words.assigned === undefined || words.refused === undefined, {
    error: 'a step cannot be both assigned and refused; remove one of them',
  })
  .refine((words) => words.assigned === undefined || words.errorCode === undefined, {
    error: 'an assigned device has no error code; remove `assigned` or `errorCode`',
  })
  .refine((words) => words.assigned === undefined || (words.telemetry ?? 'accepted') === 'accepted', {
    error:
      '`assigned` means that the hub accepted telemetry; write `hub` for a hub that DPS assigned, or remove `telemetry`',
  })
  .refine((words) => words.done === undefined || words.refused === undefined, {
    error: 'a step cannot be both done and refused; remove one of them',
  })
  .meta({ description: 'Assertions about the result of the step. All of them must be true.' });

const ownCaWords = {
  issuer: reference('ca', 'The CA that signs this CA. Default: none, so this CA is a root.').optional(),
  validity: validity('Validity of the certificate. It begins at the start of the scenario.').default('P20Y'),
  key: z.enum(['P-256', 'RSA-2048']).default('P-256').meta({ description: 'Kind of key.' }),
  pathLength: z
    .int()
    .min(0)
    .optional()
    .meta({ description: 'The largest number of CAs below this CA in a chain (path length constraint).' }),
};

export const ownCaSchema = z
  .strictObject(ownCaWords)
  .meta({ description: 'A certificate authority of the manufacturer.' });

const caSchema = z
  .strictObject({
    kind: z.enum(['self-managed', 'third-party']).default('self-managed').meta({
      description:
        'self-managed: the manufacturer runs the CA and has its key; third-party: a vendor runs it and issues certificates over the network.',
    }),
    ...ownCaWords,
    ...vendorWords,
    keyStore: z.enum(['file', 'hsm']).optional().meta({
      description:
        'Where the key of the CA is stored. A file can be copied with all other files; an HSM signs and does not reveal the key. Default: file.',
    }),
  })
  .refine(
    (ca) =>
      ca.kind === 'third-party' ||
      Object.keys(vendorWords).every((word) => ca[word as keyof VendorWords] === undefined),
    { error: `${Object.keys(vendorWords).join(', ')} need \`kind: third-party\`` },
  )
  .meta({ description: 'A certificate authority.' });

const groupSchema = z
  .strictObject({
    x509: z
      .strictObject({
        ca: reference('ca', 'The group contains all devices whose chain includes this CA.').optional(),
        caReference: reference(
          'ca',
          'Like ca, but the group refers to a certificate that upload-ca uploads during the scenario. It must be verified.',
        ).optional(),
        secondary: reference('ca', 'A second CA, for the time in which the operator replaces the first CA.').optional(),
      })
      .refine((words) => (words.ca === undefined) !== (words.caReference === undefined), {
        error: 'expected exactly one of `ca` and `caReference`; add or remove one',
      })
      .optional()
      .meta({ description: 'Attestation by certificate chain.' }),
    symmetricKey: z
      .literal(true)
      .optional()
      .meta({ description: 'true: attestation by device keys that are derived from a group key.' }),
    provisioningStatus: z
      .enum(['enabled', 'disabled'])
      .default('enabled')
      .meta({ description: 'disabled: DPS rejects registrations of devices in the group.' }),
    credentialPolicy: reference(
      'policy',
      'Policy for certificates of devices that send a certificate signing request (CSR).',
    ).optional(),
    ...certificatePolicyTerms,
    ...allocationTerms,
  })
  .refine((group) => (group.x509 === undefined) !== (group.symmetricKey === undefined), {
    error: 'expected exactly one of `x509` and `symmetricKey`; add or remove one',
  })
  .meta({ description: 'An enrollment group, created when the scenario starts.' });

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
  .meta({
    description: 'Behaviour of the mock at points where the behaviour of the real service is not publicly known.',
  });

const registryName = ({ min, max, pattern }: typeof registryNameRule, description: string) =>
  z.string().min(min).max(max).regex(pattern).optional().meta({ description });

const policySchema = z
  .strictObject({
    validityDays: z
      .int()
      .min(1)
      .max(90)
      .default(30)
      .meta({ description: 'Validity of an issued certificate in days.' }),
    namespace: registryName(namespaceNameRule, 'Namespace of the policy. Default: `rehearsal`.'),
    certificateAuthority: registryName(
      registryNameRule,
      'Certificate authority of the policy. Default: the name of the policy.',
    ),
  })
  .meta({ description: 'A policy for certificates of devices that send a CSR. Each policy has its own issuing CA.' });

const rate = (description: string) => z.int().min(1).optional().meta({ description });

const quotasSchema = z
  .strictObject({
    registrationsPerMinute: rate('Registrations and status lookups of all devices per minute. Default: 1000.'),
    operationsPerMinute: rate('Operations of the service API per minute. Default: 1000.'),
    pollsPer10s: rate('Status lookups of one device in 10 seconds. Default: 5.'),
  })
  .transform((quotas) => Object.fromEntries(Object.entries(quotas).filter(([, limit]) => limit !== undefined)))
  .meta({ description: 'Limits above which the service answers 429.' });

const hubName = z.string().regex(/^[A-Za-z0-9-]{3,50}$/, { error: 'expected 3 to 50 letters, digits and dashes' });

/** Name of an Event Hubs consumer group. The control API of a lab accepts the same names. */
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
      .meta({ description: 'Weight of the hub: its share of the devices with hashed allocation.' }),
    latency: z.number().min(0).optional().meta({
      description: 'Latency from the devices in milliseconds. Default: higher than that of all other hubs.',
    }),
    allocation: z.boolean().default(true).meta({
      description: 'false: DPS assigns a device to this hub only if its enrollment names the hub.',
    }),
    events: z
      .strictObject({
        partitions: z.int().min(1).max(8).default(1).meta({ description: 'The number of partitions.' }),
        consumerGroups: z
          .array(consumerGroupName)
          .default([])
          .meta({ description: 'Consumer groups in addition to `$Default`.' }),
      })
      .optional()
      .meta({ description: 'The built-in endpoint, from which an Event Hubs client reads telemetry.' }),
    disableDeviceSAS: z.boolean().default(false).meta({
      description: 'true: devices cannot use their symmetric keys at this hub.',
    }),
    disableModuleSAS: z.boolean().default(false).meta({
      description: 'true: modules cannot use their symmetric keys at this hub.',
    }),
    certificateAuthorities: z.array(reference('ca', 'Name of a CA under `pki:`.')).default([]).meta({
      description: 'CAs that sign the certificates of devices whose identity has the type `certificateAuthority`.',
    }),
  })
  .meta({ description: 'A linked IoT hub.' });

const faultSchema = z
  .strictObject({
    ...faultShape,
    device: reference('device', 'The device or fleet that the fault affects. Default: all.').optional(),
  })
  .refine(oneEffect, { error: oneEffectSentence })
  .refine(isForward, forwardWords)
  .meta({ description: 'A fault of the service. It applies after authentication and before the operation.' });

const idScope = z
  .string()
  .regex(/^0ne[0-9A-Fa-f]{8}$/, { error: 'expected an ID scope such as 0ne00000001' })
  .meta({ description: 'ID scope of the provisioning service.' });

const entraApplicationSchema = z
  .strictObject({
    clientId: z
      .string()
      .regex(
        /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i,
        'a client ID is a GUID, such as 0f3c5a7e-1d2b-4c6d-8e9f-a0b1c2d3e4f5',
      )
      .optional()
      .meta({ description: 'Client ID. Default: a new one.' }),
    clientSecret: z.string().min(8).optional().meta({ description: 'Client secret. Default: a new one.' }),
    roles: z.array(z.enum(entraRoles)).optional().meta({ description: 'Roles of the application. Default: all.' }),
  })
  .meta({ description: 'An application of the Entra ID directory.' });

/** The settings of DPS and its hubs, in scenarios and labs. */
export const cloudObject = z.strictObject({
  idScope: idScope.default('0ne00C0FFEE'),
  hubs: z
    .array(z.union([hubName, hubSchema]))
    .min(1)
    .default(['hub-eu'])
    .meta({ description: 'The linked IoT hubs: names, or objects with settings.' }),
  allocation: z.enum(['hashed', 'geoLatency', 'static']).default('hashed').meta({
    description: 'The allocation policy of enrollments without their own policy.',
  }),
  webhook: webhookSchema.optional(),
  enrollmentGroups: z.record(usableName, groupSchema).default({}).meta({ description: 'Enrollment groups by ID.' }),
  credentialPolicies: z
    .record(usableName, policySchema)
    .default({})
    .meta({ description: 'Credential policies by name.' }),
  updates: updateScriptSchema.optional(),
  entra: z
    .strictObject({
      applications: z
        .record(usableName, entraApplicationSchema)
        .meta({ description: 'Applications by name. Each application gets tokens with its client secret.' }),
    })
    .optional()
    .meta({
      description:
        'The Entra ID directory whose tokens the service APIs accept. Default: one application `owner` with every role.',
    }),
  tls: z.enum(tlsProfileNames).optional().meta({
    description:
      'TLS of DPS and hubs as in a period of Azure: versions, cipher suites and roots. Default: azure-2026, but with a root CA of the simulated cloud.',
  }),
  quotas: quotasSchema.default({}),
  fidelity: fidelitySchema.default({}),
  retryAfter: z
    .int()
    .min(1)
    .max(300)
    .default(3)
    .meta({ description: 'Retry-After of an answer with status 202, in seconds.' }),
  assignment: duration('Duration of an assignment.').default('PT4S'),
  issuance: duration('Time from the acceptance of a certificate request until the hub issues the certificate.').default(
    'PT1S',
  ),
  credentialSync: duration(
    'Time from a synchronisation of the device registry until the hubs trust its CAs. The time of the real service is not publicly known.',
  ).default('PT5M'),
});

/** Returns false if an enrollment has the policy `custom` and the file defines no webhook. */
export function hasWebhook({
  webhook,
  enrollmentGroups,
}: Pick<z.output<typeof cloudObject>, 'webhook' | 'enrollmentGroups'>): boolean {
  return webhook !== undefined || Object.values(enrollmentGroups).every(({ allocation }) => allocation !== 'custom');
}

export const hasWebhookWords = {
  error: 'custom allocation needs a webhook; add one under `cloud: webhook:`',
  path: ['enrollmentGroups'],
};

const strangerSchema = z
  .strictObject({ idScope, hub: hubName.meta({ description: 'Name of the hub of this tenant.' }) })
  .meta({ description: 'The provisioning service of another tenant, with its own hub.' });

const cloudSchema = cloudObject
  .extend({
    faults: z
      .array(faultSchema)
      .default([])
      .meta({ description: 'Faults of the service from the start of the scenario.' }),
    aliases: z
      .array(z.hostname({ error: 'expected a host name such as devices.maker.example' }))
      .default([])
      .meta({
        description:
          'DNS aliases of the device endpoint in other domains. The server certificate does not contain them.',
      }),
    strangers: z
      .record(
        usableName.regex(/^[a-z][a-z0-9-]*$/, { error: 'expected a name in lower case such as rival' }),
        strangerSchema,
      )
      .default({})
      .meta({
        description:
          'Provisioning services of other tenants, by name. All tenants share one device endpoint; the ID scope selects the service.',
      }),
    serverRoots: z.array(usableName).min(1).optional().meta({
      description:
        'Root CAs of the servers. The servers use the first root at the start; replace-server-root switches to another root. Default: server-root, or with `tls` the public roots by name, such as digicert-global-root-g2.',
    }),
  })
  .refine(hasWebhook, hasWebhookWords)
  .refine(hasScopesApart, {
    error: 'two services have the same ID scope; give each service a different ID scope',
    path: ['strangers'],
  })
  .refine(hasHubsApart, {
    error: 'two services have the same hub; give each service different hubs',
    path: ['strangers'],
  })
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
  // Duplicates within this list are ignored here, because another check reports them.
  return areApart([
    ...new Set(own.map((name) => name.toLowerCase())),
    ...Object.values(strangers).map(({ hub }) => hub),
  ]);
}

/** Returns true if all names differ. The comparison ignores case, as the services do. */
function areApart(names: readonly string[]): boolean {
  return new Set(names.map((name) => name.toLowerCase())).size === names.length;
}

/** The largest `count` without `fleet`. */
const devicesByWire = 1000;
/** The largest `count` with `program`, because each device has its own processes. */
const programsAtMost = 20;
/** The largest `count` with `tier: core`, because the history has every event. */
const devicesByCore = 30_000;

/**
 * The API versions that a simulated device may use. Simulated devices do not read the answers of 2017-08-31-preview, whose members have
 * other names.
 */
const simulatedApiVersions = deviceApiVersions.filter((version) => version !== '2017-08-31-preview');

const clientTlsSchema = z
  .strictObject({
    versions: z
      .array(z.enum(tlsVersions))
      .min(1)
      .refine(isRow, { error: 'expected versions without a gap, such as [TLS 1.2, TLS 1.3]' })
      .optional()
      .meta({ description: 'Versions. Default: TLS 1.2 and TLS 1.3.' }),
    suites: z
      .array(z.enum(offerableSuites))
      .min(1)
      .optional()
      .meta({ description: 'Cipher suites by their IANA names. Default: the suites of OpenSSL.' }),
    groups: z
      .array(z.enum(offerableGroups))
      .min(1)
      .optional()
      .meta({ description: 'Groups for the key exchange. Default: the groups of OpenSSL.' }),
    serverName: z
      .boolean()
      .optional()
      .meta({ description: 'false: the device sends no server name (SNI). Default: true.' }),
  })
  .meta({ description: 'TLS that the device offers in its handshakes.' });

const deviceSchema = z
  .strictObject({
    attestation: z.enum(['x509', 'tpm', 'symmetricKey']).meta({ description: 'How the device proves its identity.' }),
    transport: z.enum(transports).optional().meta({
      description:
        'The protocol. A name with -ws means: inside a WebSocket on the port of HTTPS. Default: mqtt, and https for a TPM.',
    }),
    keyStore: z.enum(keyStoreNames).optional().meta({
      description:
        'Where the key is stored. image: in the firmware, so all devices of the entry share one key; an attacker can copy it. file: an attacker can copy it. tee: an attacker can use it while their code runs on the device. hsm, tpm: an attacker can use it while they have the device. Default: tpm for TPM attestation, else file.',
    }),
    registrationId: z.string().optional().meta({
      description:
        '`from-endorsement-key`: the ID is derived from the endorsement key of the TPM. Default: the name of the device.',
    }),
    count: z.int().min(1).max(5_000_000).optional().meta({
      description: 'Size of a fleet; its devices are named name-1, name-2, … More than 1000 devices need `fleet`.',
    }),
    ntp: z.boolean().default(true).meta({ description: 'true: the device sets its clock by NTP when it starts.' }),
    clockDrift: z
      .number()
      .min(-1_000_000)
      .max(1_000_000)
      .default(0)
      .meta({ description: 'Drift of the clock in parts per million; positive if it is fast.' }),
    tokenLifetime: positiveDuration('Lifetime of the tokens that the device signs. Default: 1 hour.').optional(),
    checksServerValidity: z.boolean().default(true).meta({
      description: "false: the device ignores the validity dates of the server's certificates.",
    }),
    trustsAnyone: z.boolean().default(false).meta({
      description: 'true: the device accepts any server certificate, like a client with verification disabled.',
    }),
    tls: clientTlsSchema.optional(),
    trustBundle: z
      .array(reference('root', 'Name of a server root.'))
      .optional()
      .meta({ description: 'Server roots that the firmware trusts. Default: the first server root of the cloud.' }),
    boot: z.enum(['hub-first', 'always-register']).default('hub-first').meta({
      description:
        'hub-first: the device connects to its assigned hub, and registers again only if this connection fails; always-register: the device registers at every start.',
    }),
    program: programSchema.optional(),
    retry: retrySchema,
    tries: triesSchema,
    fleet: fleetSchema.optional(),
    credential: z.enum(['own', 'issued-by-dps']).default('own').meta({
      description:
        'Credential for the hub. own: the credential that the device also uses for DPS; issued-by-dps: a certificate that DPS issues for a signing request of the device.',
    }),
    apiVersion: z.enum(simulatedApiVersions).optional().meta({
      description:
        'API version of the requests to DPS. Default: 2019-03-31, or 2026-11-01 with `credential: issued-by-dps`.',
    }),
    updatesFirst: z.boolean().default(false).meta({
      description:
        'true: the device asks DPS for an update before each registration and installs it (API version 2026-11-02-preview); see `cloud: updates`.',
    }),
    renewal: renewalSchema.optional(),
    csrName: z.string().min(1).optional().meta({
      description: 'Common name in the signing request. Default: the registration ID.',
    }),
    tpmKind: z.enum(tpmKinds).optional().meta({
      description: 'Kind of TPM. The state of a software TPM can be copied. Default: discrete.',
    }),
    ekTemplate: z.enum(['sdk', 'tcg-l1']).default('sdk').meta({ description: 'Template of the endorsement key.' }),
  })
  .refine((device) => device.attestation !== 'tpm' || device.transport?.startsWith('mqtt') !== true, {
    error: 'TPM attestation is not available over MQTT; write `transport: https`, `amqp` or `amqp-ws`',
    path: ['transport'],
  })
  .refine(
    ({ updatesFirst, transport, attestation }) => !updatesFirst || (transport === 'https' && attestation !== 'tpm'),
    {
      error: '`updatesFirst` needs `transport: https` and `attestation: symmetricKey` or `x509`',
      path: ['updatesFirst'],
    },
  )
  .refine(({ attestation, keyStore }) => keyStore === undefined || holds(keyStore, attestation), {
    error: '`attestation: tpm` needs the keys of a TPM; write `keyStore: tpm` or remove `keyStore`',
    path: ['keyStore'],
  })
  .refine((device) => device.tpmKind === undefined || device.attestation === 'tpm', {
    error: '`tpmKind` needs `attestation: tpm`',
    path: ['tpmKind'],
  })
  .refine((device) => device.csrName === undefined || device.credential === 'issued-by-dps', {
    error: '`csrName` needs `credential: issued-by-dps`',
    path: ['csrName'],
  })
  .refine(
    ({ renewal, attestation, credential }) =>
      renewal === undefined ||
      (renewal.from === 'dps' || renewal.from === 'hub' ? credential === 'issued-by-dps' : attestation === 'x509'),
    {
      error:
        'renewal `from: dps` or `from: hub` needs `credential: issued-by-dps`, and renewal from a CA needs `attestation: x509`',
      path: ['renewal'],
    },
  )
  .refine(({ count = 1, fleet }) => count <= devicesByWire || fleet !== undefined, {
    error: `at most ${devicesByWire} devices of an entry can run over real connections; add \`fleet: {}\`, which simulates the devices as numbers`,
    path: ['count'],
  })
  .refine(({ count = 1, fleet }) => fleet?.tier !== 'core' || count <= devicesByCore, {
    error: `at most ${devicesByCore} devices can run with \`tier: core\`; reduce \`count\` or remove \`tier\``,
    path: ['count'],
  })
  .refine(({ program, fleet }) => program === undefined || fleet === undefined, {
    error: 'a device with `program` cannot be simulated as a number; remove `fleet` or `program`',
    path: ['program'],
  })
  .refine(({ program, count = 1 }) => program === undefined || count <= programsAtMost, {
    error: `at most ${programsAtMost} devices of an entry can run a program; reduce count`,
    path: ['count'],
  })
  .refine(({ count, fleet }) => fleet === undefined || count !== undefined, {
    error: '`fleet` needs `count`, the number of devices',
    path: ['fleet'],
  })
  .superRefine((device, context) => {
    if (device.fleet === undefined) return;
    for (const [word, message] of fleetMistakes(device)) context.addIssue({ code: 'custom', path: [word], message });
  })
  .refine(({ retry, tries }) => tries === undefined || retry === 'back-off' || retry === 'at-once', {
    error: '`tries` needs `retry: back-off` or `at-once`; the other modes have their own limits',
    path: ['tries'],
  })
  .meta({ description: 'A device, or a fleet of identical devices.' });

interface FleetDevice {
  readonly fleet?: { readonly tier: string } | undefined;
  readonly attestation: Attestation;
  readonly credential: string;
  readonly keyStore?: KeyStoreName | undefined;
  readonly clockDrift: number;
  readonly ntp: boolean;
  readonly registrationId?: string | undefined;
  readonly apiVersion?: string | undefined;
}

/** Returns the keys that a fleet does not support, each with a sentence. */
function fleetMistakes(device: FleetDevice): readonly (readonly [string, string])[] {
  const { attestation, credential, keyStore = 'file', clockDrift, ntp, fleet, apiVersion } = device;
  const isCore = fleet?.tier === 'core';
  const mistakes: (readonly [string, string] | false)[] = [
    attestation === 'tpm' && [
      'attestation',
      `a fleet with \`fleet:\` needs \`attestation: symmetricKey\` or \`x509\`, found tpm; remove \`fleet:\` for at most ${devicesByWire} devices`,
    ],
    isCore &&
      attestation === 'x509' && [
        'attestation',
        'a fleet with `tier: core` needs `attestation: symmetricKey`, found x509; remove `tier` to simulate the devices as numbers',
      ],
    isCore &&
      credential !== 'own' && [
        'credential',
        'a fleet with `tier: core` needs `credential: own`; remove `tier` to simulate the devices as numbers',
      ],
    keyStore !== 'file' && [
      'keyStore',
      `a fleet with \`fleet:\` needs \`keyStore: file\`, found ${keyStore}; remove keyStore`,
    ],
    apiVersion !== undefined && [
      'apiVersion',
      'a fleet with `fleet:` uses the API version of simulated devices; remove `apiVersion`',
    ],
    (clockDrift !== 0 || !ntp) && [
      'fleet',
      'the clocks of a fleet with `fleet:` are exact; remove `clockDrift` and `ntp`',
    ],
  ];
  return mistakes.filter((mistake) => mistake !== false);
}

function holds(keyStore: KeyStoreName, attestation: Attestation): boolean {
  const { holdsFor }: KeyStoreKind = keyStores[keyStore];
  return holdsFor.includes(attestation);
}

/** A scenario file without its timeline. The loader reads the steps of the timeline with the schemas of their kinds. */
export const headSchema = z.strictObject({
  title: shownText.min(1).meta({ description: 'Title in one line.' }),
  covers: z
    .array(z.string())
    .default([])
    .meta({ description: 'Topics of the guidance (topics.yaml) that the scenario covers.' }),
  story: shownText.optional().meta({ description: 'Description for readers.' }),
  attack: z.string().optional().meta({ description: 'The attack that the scenario rehearses (see docs/attacks.md).' }),
  teaches: shownText.optional().meta({ description: 'The lesson of the scenario.' }),
  shows: z.enum(expectedOutcomes).optional().meta({
    description:
      'well: the scenario shows that a practice works; wrong: the scenario shows what goes wrong without this practice. A matrix entry may have its own value. Default: wrong if the expectations say that a device is rejected or an attacker accepted, else well.',
  }),
  tags: z
    .array(z.string().regex(/^[\w-]+$/, { error: 'expected letters, digits and dashes' }))
    .default([])
    .meta({ description: 'Tags for `--grep`.' }),
  start: firstNow(
    'Start of the timeline, from 1950 to 9899. The server certificates of the mock are valid from 2000 to 2099.',
  ).default('2026-01-05T08:00:00Z'),
  seed: z.string().optional().meta({ description: 'Seed of every random choice. The option `--seed` overrides it.' }),
  pki: z.record(usableName, caSchema).default({}).meta({ description: 'Certificate authorities by name.' }),
  keys: z.array(usableName).default([]).meta({ description: 'Names of symmetric keys that devices share.' }),
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
