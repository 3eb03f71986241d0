import type { MatrixPlace } from '../../core/run/matrix-axes.ts';

/** A step of a timeline or of the production line: its name and its arguments. */
export type StepWords = Readonly<Record<string, unknown>>;

/** The steps that an attestation type needs in the factory, in the cloud, and after a theft. */
export interface Design {
  readonly kind: 'x509' | 'tpm' | 'symmetricKey';
  readonly group?: StepWords;
  readonly keys?: readonly string[];
  /** Steps of the scenario before the production line starts. */
  readonly ahead: readonly StepWords[];
  /** Steps that the provisioning station runs for each unit. */
  readonly onLine: readonly StepWords[];
  /** Steps of the scenario after the production line has stopped. */
  readonly afterwards: readonly StepWords[];
  /** The secrets that the provisioning station holds from the start: its `holds:` in the scenario file. */
  readonly holds: StepWords;
  /** Names the thing that has the key on which all devices depend, such as a CA or the provisioning station. */
  readonly behind: StepWords;
  /** True if all devices have the same key. */
  readonly isShared: boolean;
  /** Returns the steps that revoke one device at the service. */
  readonly banOne: (device: string) => readonly StepWords[];
  /** Steps that revoke all devices at the service. */
  readonly banAll: readonly StepWords[];
  /** Returns the steps that give a device new credentials after a theft of only the credentials of this device. */
  readonly rollOne: (device: string) => readonly StepWords[];
  /** Returns the steps that give devices new credentials after a theft of the key that all devices depend on. */
  readonly rollAll: (devices: readonly string[]) => readonly StepWords[];
}

type Where = Pick<MatrixPlace, 'factory'>;

/** Names of the fleet of built devices (`fleet`) and of the device that is not built yet (`planned`). */
export const fleet = 'unit';
export const planned = 'next-unit';

/** The design of each attestation type. */
export const designs: Readonly<Record<MatrixPlace['attestation'], (where: Where) => Design>> = {
  'x509-thumbprint': (where) => {
    const enroll = { enroll: fleet };
    return {
      kind: 'x509',
      ...certificates(where),
      ...(where.factory === 'connected'
        ? { onLine: [...installing(where, {}), { enroll: {} }], afterwards: [] }
        : { afterwards: [enroll] }),
      isShared: false,
      banOne: disableOne,
      banAll: disableOne(fleet),
      rollOne: (device) => [...replacing(where, device, 1), { enroll: device }],
      rollAll: (devices) => devices.flatMap((device) => [...replacing(where, device, 2), { enroll: device }]),
    };
  },
  'x509-ca': (where) => ({
    kind: 'x509',
    group: { x509: { ca: signer(where) } },
    ...certificates(where),
    afterwards: [],
    isShared: false,
    // An individual enrollment takes precedence over a group.
    banOne: (device) => [{ enroll: { device, provisioningStatus: 'disabled' } }],
    banAll: disableGroup,
    rollOne: (device) => [...replacing(where, device, 1), { enroll: device }],
    rollAll: (devices) => [
      { 'set-group-ca': { group: 'units', ca: `next-${signer(where)}` } },
      ...devices.flatMap((device) => replacing(where, device, 2)),
      { 'enable-enrollment': { group: 'units' } },
    ],
  }),
  tpm: ({ factory }) => ({
    kind: 'tpm',
    ahead: factory === 'connected' ? [] : [{ 'deliver-ek-list': fleet }, { 'enroll-from-list': fleet }],
    onLine:
      factory === 'connected'
        ? [{ 'extract-ek': {} }, { 'take-ownership': {} }, { enroll: {} }]
        : [{ 'take-ownership': {} }],
    afterwards: [],
    holds: {},
    behind: { device: `${fleet}-1`, publicKeys: true },
    isShared: false,
    banOne: disableOne,
    banAll: disableOne(fleet),
    rollOne: (device) => [{ 'enable-enrollment': { device } }],
    rollAll: (devices) => devices.map((device) => ({ 'enable-enrollment': { device } })),
  }),
  'individual-key': () => ({
    kind: 'symmetricKey',
    ahead: [],
    onLine: [{ enroll: {} }, { 'install-key': {} }],
    afterwards: [],
    holds: {},
    behind: {},
    isShared: false,
    banOne: disableOne,
    banAll: disableOne(fleet),
    rollOne: newOwnKey,
    rollAll: (devices) => devices.flatMap(newOwnKey),
  }),
  'derived-key': ({ factory }) => ({
    kind: 'symmetricKey',
    group: { symmetricKey: true },
    ahead: [],
    onLine: [{ 'install-key': { from: 'derived', group: 'units' } }],
    afterwards: [],
    holds: factory === 'connected' ? {} : { groups: ['units'] },
    behind: { group: 'units' },
    isShared: false,
    banOne: (device) => [{ enroll: { device, provisioningStatus: 'disabled' } }],
    banAll: disableGroup,
    rollOne: newOwnKey,
    rollAll: (devices) =>
      devices.map((device) => ({ 'install-key': { device, from: 'derived', group: 'next-units' } })),
  }),
  'shared-key': ({ factory }) => ({
    kind: 'symmetricKey',
    keys: ['fleet-key', 'next-key'],
    ahead: [fleet, planned].map((device) => ({ enroll: { device, sharedKey: 'fleet-key' } })),
    onLine: [{ 'install-key': { from: 'shared', sharedKey: 'fleet-key' } }],
    afterwards: [],
    holds: factory === 'connected' ? {} : { keys: ['fleet-key'] },
    behind: { station: 'desk' },
    isShared: true,
    banOne: disableOne,
    banAll: [fleet, planned].flatMap(disableOne),
    rollOne: newSharedKey,
    rollAll: (devices) => [...devices.flatMap(newSharedKey), { enroll: { device: planned, sharedKey: 'next-key' } }],
  }),
};

function signer({ factory }: Where): 'factory-ca' | 'vendor-ca' {
  return factory === 'pregenerated' ? 'vendor-ca' : 'factory-ca';
}

function certificates(where: Where): Pick<Design, 'ahead' | 'onLine' | 'holds' | 'behind'> {
  const isAhead = where.factory === 'pregenerated';
  return {
    // The station also gets certificates for the units of the next order (`left-over`), and keeps these certificates until it builds the
    // units.
    ahead: isAhead
      ? [
          { 'order-batch': { device: fleet, from: 'vendor-ca', as: 'made-ahead' } },
          { 'order-batch': { device: planned, from: 'vendor-ca', as: 'left-over' } },
        ]
      : [],
    onLine: installing(where, {}),
    holds: isAhead
      ? { batches: ['made-ahead', 'left-over'] }
      : where.factory === 'own-ca'
        ? { cas: ['factory-ca'] }
        : {},
    behind: { ca: signer(where) },
  };
}

function installing({ factory }: Where, device: { readonly device?: string }): readonly StepWords[] {
  return factory === 'pregenerated'
    ? [{ 'install-from-batch': { ...device, batch: 'made-ahead' } }]
    : [{ 'issue-certificate': { ...device, from: 'factory-ca', validity: 'P3Y' } }];
}

/**
 * @param generation 1: the certificate comes from the first CA. 2: the certificate comes from another CA, because the key of the first CA
 *   was stolen.
 */
function replacing(where: Where, device: string, generation: 1 | 2): readonly StepWords[] {
  const from = `${generation === 2 ? 'next-' : ''}${signer(where)}`;
  if (where.factory !== 'pregenerated') return [{ 'issue-certificate': { device, from, validity: 'P3Y' } }];
  const batch = `replacement-of-${device}`;
  return [{ 'order-batch': { device, from, as: batch } }, { 'install-from-batch': { device, batch } }];
}

function disableOne(device: string): readonly StepWords[] {
  return [{ 'disable-enrollment': { device } }];
}

const disableGroup: readonly StepWords[] = [{ 'disable-enrollment': { group: 'units' } }];

function newOwnKey(device: string): readonly StepWords[] {
  return [{ enroll: device }, { 'install-key': { device } }];
}

function newSharedKey(device: string): readonly StepWords[] {
  return [
    { enroll: { device, sharedKey: 'next-key' } },
    { 'install-key': { device, from: 'shared', sharedKey: 'next-key' } },
  ];
}
