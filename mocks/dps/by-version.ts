import type { FidelitySettings } from '../../core/cloud/fidelity.ts';
import { connectionProfileApiVersions, issuingApiVersions } from '../../core/wire/dps-wire.ts';
import type { OperationBody, RegistrationState } from '../../core/wire/dps-wire.ts';

/**
 * Returns the body of an operation in the form of an API version. The first API version has another name for the member
 * `registrationState`.
 */
export function operationByVersion(body: OperationBody, apiVersion: string, fidelity: FidelitySettings): OperationBody {
  const { registrationState, ...rest } = body;
  if (registrationState === undefined) return body;
  const state = stateByVersion(registrationState, apiVersion, fidelity);
  return apiVersion === '2017-08-31-preview'
    ? { ...rest, registrationStatus: state }
    : { ...rest, registrationState: state };
}

/**
 * Returns a registration in the form of an API version. Recorded answers from 2017 and 2018 have a quoted ETag; later answers
 * have the base64 of the quoted ETag. The substatus `reprovisionedToInitialAssignment` exists from 2019-04-15 on. The switch
 * `connectionProfile` decides the connection profile of an assigned device.
 */
export function stateByVersion(
  state: RegistrationState,
  apiVersion: string,
  fidelity: FidelitySettings,
): RegistrationState {
  const { issuedCertificateChain, ...known } = state;
  const { substatus, etag } = known;
  const isReprovisioned = substatus === 'reprovisionedToInitialAssignment' && apiVersion < '2019-04-15';
  return {
    ...known,
    ...(issuedCertificateChain === undefined || !issuingApiVersions.includes(apiVersion)
      ? {}
      : { issuedCertificateChain }),
    ...(state.status === 'assigned' && connectionProfileApiVersions.includes(apiVersion)
      ? connectionProfileBy(fidelity)
      : {}),
    ...(isReprovisioned ? { substatus: 'initialAssignment' } : {}),
    ...(etag === undefined || !/^201[78]-/.test(apiVersion)
      ? {}
      : { etag: Buffer.from(etag, 'base64').toString('utf8') }),
  };
}

function connectionProfileBy({ connectionProfile }: FidelitySettings): Pick<RegistrationState, 'connectionProfile'> {
  if (connectionProfile === 'absent') return {};
  return { connectionProfile: connectionProfile === 'null' ? null : connectionProfile };
}
