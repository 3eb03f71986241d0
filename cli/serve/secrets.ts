import type { Cloud } from '../../core/cloud/cloud.ts';
import type { LabTpm } from './open-tpms.ts';

/** A secret of a lab, and the place where the lab stores it. */
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
  /** Path of the file or folder with the secret, or a description of the part of the lab that has it. */
  readonly place: string;
  /** A key in base64, or the path of a file. */
  readonly value: string;
}

/** Returns every secret of a lab. The keys of devices are not in the lab. */
export function secretsOf(lab: {
  readonly cloud: Cloud;
  readonly keys: Readonly<Record<string, Buffer>>;
  readonly authorityKeys: ReadonlyMap<string, string>;
  readonly tpms: readonly LabTpm[];
  /** Path of the state file; undefined if there is none. */
  readonly stateFile: string | undefined;
}): readonly Secret[] {
  const place =
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
      return key === undefined ? [] : [{ name: `${name} ${slot}`, kind, place, value: key.toString('base64') }];
    });
  return [
    ...operator.enrollments().flatMap((one) => keysOf(one.registrationId, 'enrollment key', one.attestation)),
    ...operator
      .enrollmentGroups()
      .flatMap((one) => keysOf(one.enrollmentGroupId, 'enrollment group key', one.attestation)),
    {
      name: serviceAccess.policyName,
      kind: 'service key',
      place,
      value: serviceAccess.key.toString('base64'),
    },
    ...[...hubAccess].map(([host, { policyName, key }]): Secret => ({
      name: `${host} ${policyName}`,
      kind: 'hub key',
      place,
      value: key,
    })),
    ...Object.entries(lab.keys).map(([name, key]): Secret => ({
      name,
      kind: 'shared key',
      place,
      value: key.toString('base64'),
    })),
    ...[...lab.authorityKeys].map(([name, path]): Secret => ({ name, kind: 'CA key', place: path, value: path })),
    ...lab.tpms.map(({ name, stateDir }): Secret => ({ name, kind: 'TPM state', place: stateDir, value: stateDir })),
  ];
}
