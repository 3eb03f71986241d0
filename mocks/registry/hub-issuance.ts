import type { HubIssuance, IssuanceForecast } from '../../core/cloud/fleet-rules.ts';
import type { History } from '../../core/history/history.ts';
import type { Millis } from '../../core/time/clock.ts';
import type { PolicyRecord } from './ca-record.ts';
import type { DeviceRegistry } from './device-registry.ts';
import { judgeIssuer } from './judge-issuer.ts';

/**
 * Returns a function that predicts the certificates that hubs issue under a policy. It makes the decisions of a hub (CredentialOperations)
 * and of a connection with the new certificate, but issues nothing.
 *
 * @param policy the policy of the devices; undefined if they have none.
 */
export function hubIssuance(policy: PolicyRecord | undefined, registry: DeviceRegistry, history: History): HubIssuance {
  const known = new Map<string, Period>();
  return (host, at) => {
    const present = known.get(host);
    if (present !== undefined && present.from <= at && at < present.until) return present.forecast;
    const period = periodAt(policy, registry, history, { host, at });
    known.set(host, period);
    return period.forecast;
  };
}

/** A period in which a hub always makes the same decision. */
interface Period {
  readonly from: Millis;
  readonly until: Millis;
  readonly forecast: IssuanceForecast;
}

function periodAt(
  policy: PolicyRecord | undefined,
  registry: DeviceRegistry,
  history: History,
  { host, at }: { readonly host: string; readonly at: Millis },
): Period {
  const trace = history.trace('hub', '', '');
  const ca = policy === undefined ? undefined : registry.authorities.find(policy);
  if (policy === undefined || ca === undefined) return { from: at, until: Infinity, forecast: { isTrusted: false } };
  const certificate = registry.certificates.present(ca)?.certificate;
  // A CA without a certificate makes one when it first issues. Hubs trust the first certificate of an implied CA from the start.
  const isSynced =
    certificate === undefined
      ? ca.isImplied === true && ca.generation === 1
      : registry.certificates.trustOf(host, certificate.der, at) === 'synced';
  const syncChange = certificate === undefined ? Infinity : registry.sync.nextChange(host, certificate.der, at);
  return {
    from: at,
    until: Math.min(syncChange, registry.nextUsabilityChange(policy, at)),
    forecast: {
      isTrusted: isSynced || trace.isDisabled('hub-issuing-ca-synced'),
      ...(judgeIssuer(policy, registry, at, trace) ? { issued: (now) => registry.validityOf(policy, now) } : {}),
    },
  };
}
