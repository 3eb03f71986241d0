import type { OperationBody, RegistrationState } from '../../core/dps-wire.ts';

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
 * A registration as an API version spells it. Answers that were recorded in 2017 and 2018 have the etag in its quotes;
 * later ones have base64 of that.
 */
export function stateByVersion(state: RegistrationState, apiVersion: string): RegistrationState {
  if (state.etag === undefined || !/^201[78]-/.test(apiVersion)) return state;
  return { ...state, etag: Buffer.from(state.etag, 'base64').toString('utf8') };
}
