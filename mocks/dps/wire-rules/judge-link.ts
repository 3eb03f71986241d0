import type { History } from '../../../core/history/history.ts';
import { deviceApiVersions } from '../../../core/wire/dps-wire.ts';
import { problems, type Problem } from '../../../core/wire/problems.ts';
import { recordDecision } from '../../shared/record-decision.ts';
import { isSameRegistration, type RegistrationAddress } from './registration-address.ts';

/** An AMQP link that a device attaches. */
interface LinkRequest {
  /** The registration that the address of the link names. Undefined if the address names no registration. */
  readonly address: RegistrationAddress | undefined;
  /** The address of the link, as the client sent it. */
  readonly written: string | undefined;
  /** The link property `com.microsoft:api-version`. */
  readonly apiVersion: unknown;
  /** The registration for which the client logged in with SASL; undefined if the client did not log in. */
  readonly login: RegistrationAddress | undefined;
  /** Network address of the client. */
  readonly from: string | undefined;
}

/**
 * Checks the address and the API version of a link, and whether the address names the registration that logged in.
 * Records a refusal.
 *
 * @returns the refusal, or undefined.
 */
export function judgeLink(request: LinkRequest, history: History): Problem | undefined {
  const { address, written, apiVersion, login, from } = request;
  const subject = address?.registrationId ?? login?.registrationId ?? 'unknown';
  const trace = history.trace('dps', subject, 'AMQP link', from);
  const isOther = address !== undefined && login !== undefined && !isSameRegistration(address, login);
  const isKnownVersion = typeof apiVersion === 'string' && deviceApiVersions.includes(apiVersion);
  if (isOther) {
    trace.check('client-id-matches', false, login.registrationId, subject);
  } else if (address === undefined || !isKnownVersion) {
    trace.check(
      'request-well-formed',
      false,
      'an address with a registration ID, and a known api-version',
      `${written ?? 'no address'}, ${versionText(apiVersion)}`,
    );
  } else {
    return undefined;
  }
  recordDecision(history, trace);
  if (isOther) return problems.unauthorized;
  return address === undefined ? problems.noSuchPath : problems.apiVersion;
}

function versionText(apiVersion: unknown): string {
  if (apiVersion === undefined) return 'no api-version';
  const shown = typeof apiVersion === 'string' ? apiVersion : JSON.stringify(apiVersion);
  return `api-version ${shown.slice(0, 100)}`;
}
