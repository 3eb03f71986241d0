import type { FidelitySettings } from '../../../core/cloud/fidelity.ts';
import type { DecisionTrace } from '../../../core/history/decision.ts';
import type { Transport } from '../../../core/history/events.ts';
import type { History } from '../../../core/history/history.ts';
import { deviceApiVersions } from '../../../core/wire/dps-wire.ts';
import { parseCertificate } from '../../../core/x509/certificate.ts';
import type { Credentials } from '../../shared/credentials.ts';
import { recordFailedDecision } from '../../shared/record-decision.ts';
import { isNamedAfter } from '../attestation/is-named-after.ts';
import type { ProvisioningService } from '../service.ts';

/** A CONNECT packet of MQTT, as a device sent it. */
export interface ConnectRequest {
  readonly idScope: string;
  readonly registrationId: string;
  /** API version in the user name; undefined if the user name contains none. */
  readonly apiVersion: string | undefined;
  readonly clientId: string;
  readonly credentials: Credentials;
  readonly transport: Transport;
}

/** The outcome of a CONNECT. `cut` means that the service closes the connection without an answer. */
export type ConnectOutcome = 'accepted' | 'unknown-scope' | 'refused' | 'cut';

interface ConnectRules {
  readonly service: ProvisioningService;
  readonly history: History;
  readonly fidelity: FidelitySettings;
}

/**
 * Checks a CONNECT. Authentication happens later: this function accepts a bad token or certificate chain, and the answer to the
 * register message refuses it. Records the decision only if a check failed.
 */
export function judgeConnect(request: ConnectRequest, rules: ConnectRules): ConnectOutcome {
  const { registrationId, credentials } = request;
  const trace = rules.history.trace('dps', registrationId, 'MQTT connect', credentials.from);
  const outcome = outcomeOf(request, rules, trace);
  recordFailedDecision(rules.history, trace);
  return outcome;
}

function outcomeOf(
  { idScope, registrationId, apiVersion, clientId, credentials, transport }: ConnectRequest,
  { service, fidelity }: ConnectRules,
  trace: DecisionTrace,
): ConnectOutcome {
  if (!trace.check('id-scope-known', service.isOurs(idScope), service.idScope, idScope)) return 'unknown-scope';
  const isSameId = clientId.toLowerCase() === registrationId.toLowerCase();
  if (!trace.check('client-id-matches', isSameId, registrationId, clientId)) return 'refused';
  // Slashes separate the parts of a user name, so a user name cannot contain a registration ID with a slash.
  const isAddressable = !registrationId.includes('/');
  if (!trace.check('registration-id-valid', isAddressable, 'a registration ID without a slash', registrationId)) {
    return 'refused';
  }
  const isVersionAccepted = deviceApiVersions.includes(apiVersion ?? '') || service.answersUnknownVersions();
  if (!trace.check('request-well-formed', isVersionAccepted, 'a known api-version', apiVersion ?? 'none')) {
    return 'refused';
  }
  const [leaf] = credentials.certificates;
  if (leaf === undefined || credentials.token !== undefined) return 'accepted';
  const read = parseCertificate(leaf);
  const name = read.ok ? read.value.commonName : undefined;
  const isNamed = isNamedAfter(name, registrationId, fidelity);
  if (!trace.check('common-name-matches', isNamed, registrationId, name ?? 'no common name')) return 'refused';
  const call = { idScope, registrationId, apiVersion: apiVersion ?? '', credentials, transport };
  return service.cutsOff(call) ? 'cut' : 'accepted';
}
