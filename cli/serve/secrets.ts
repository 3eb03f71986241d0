import type { Cloud } from '../../core/cloud/cloud.ts';
import type { LabTpm } from './open-tpms.ts';

/** Something that must not get into wrong hands, and where it is. */
export interface Secret {
  readonly name: string;
  readonly kind:
    | 'enrollment key'
    | 'enrollment group key'
    | 'shared key'
    | 'CA key'
    | 'TPM state'
    | 'service key'
    | 'hub key';
  /** Path of a file or folder, or a part of the lab in words. */
  readonly place: string;
  /** Keys in base64; a path for what is a file. */
  readonly value: string;
}

/** Every secret of a lab. Devices' own keys are not among them: they are with the devices. */
export function secretsOf(lab: {
  readonly cloud: Cloud;
  readonly keys: Readonly<Record<string, Buffer>>;
  readonly authorityKeys: ReadonlyMap<string, string>;
  readonly tpms: readonly LabTpm[];
  /** Path of the state file; undefined where nothing is kept. */
  readonly stateFile: string | undefined;
}): readonly Secret[] {
  const kept =
    lab.stateFile === undefined
      ? 'in memory only'
      : `in memory, in ${lab.stateFile} and in the journal in ${lab.stateFile}.d`;
  const { operator, serviceAccess, hubAccess } = lab.cloud;
  const keysOf = (
    name: string,
    kind: Secret['kind'],
    attestation: { readonly type: string; readonly primaryKey?: Buffer; readonly secondaryKey?: Buffer },
  ): Secret[] =>
    (['primaryKey', 'secondaryKey'] as const).flatMap((slot) => {
      const key = attestation.type === 'symmetricKey' ? attestation[slot] : undefined;
      return key === undefined ? [] : [{ name: `${name} ${slot}`, kind, place: kept, value: key.toString('base64') }];
    });
  return [
    ...operator.enrollments().flatMap((one) => keysOf(one.registrationId, 'enrollment key', one.attestation)),
    ...operator
      .enrollmentGroups()
      .flatMap((one) => keysOf(one.enrollmentGroupId, 'enrollment group key', one.attestation)),
    {
      name: serviceAccess.policyName,
      kind: 'service key',
      place: kept,
      value: serviceAccess.key.toString('base64'),
    },
    ...[...hubAccess].map(([host, { policyName, key }]): Secret => ({
      name: `${host} ${policyName}`,
      kind: 'hub key',
      place: kept,
      value: key,
    })),
    ...Object.entries(lab.keys).map(([name, key]): Secret => ({
      name,
      kind: 'shared key',
      place: kept,
      value: key.toString('base64'),
    })),
    ...[...lab.authorityKeys].map(([name, path]): Secret => ({ name, kind: 'CA key', place: path, value: path })),
    ...lab.tpms.map(({ name, stateDir }): Secret => ({ name, kind: 'TPM state', place: stateDir, value: stateDir })),
  ];
}
