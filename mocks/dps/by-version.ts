import { issuingApiVersions } from '../../core/wire/dps-wire.ts';
import type { OperationBody, RegistrationState } from '../../core/wire/dps-wire.ts';

/** An operation as the API version of its request spells it: the first one had another word for registrationState. */
export function operationByVersion(body: OperationBody, apiVersion: string): OperationBody {
  const { registrationState, ...rest } = body;
  if (registrationState === undefined) return body;
  const state = stateByVersion(registrationState, apiVersion);
  return apiVersion === '2017-08-31-preview'
    ? { ...rest, registrationStatus: state }
    : { ...rest, registrationState: state };
}

/**
 * A registration as an API version spells it. Answers that were recorded in 2017 and 2018 have the etag in its quotes; later
 * ones have base64 of that. The substatus of a device that came back is known from 2019-04-15 on.
 */
export function stateByVersion(state: RegistrationState, apiVersion: string): RegistrationState {
  const { issuedCertificateChain, ...known } = state;
  const { substatus, etag } = known;
  const cameBack = substatus === 'reprovisionedToInitialAssignment' && apiVersion < '2019-04-15';
  return {
    ...known,
    ...(issuedCertificateChain === undefined || !issuingApiVersions.includes(apiVersion)
      ? {}
      : { issuedCertificateChain }),
    ...(cameBack ? { substatus: 'initialAssignment' } : {}),
    ...(etag === undefined || !/^201[78]-/.test(apiVersion)
      ? {}
      : { etag: Buffer.from(etag, 'base64').toString('utf8') }),
  };
}
