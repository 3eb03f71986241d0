import type { AccessRight } from '../../core/wire/access-right.ts';
import type {
  Cloud,
  CloudSettings,
  CredentialPolicy,
  EntraSettings,
  LinkedHubSettings,
  StartCloud,
} from '../../core/cloud/cloud.ts';
import { defaultFidelity, type FidelitySettings } from '../../core/cloud/fidelity.ts';
import { defined } from '../../core/defined.ts';
import { addDuration } from '../../core/time/duration.ts';
import { hostKinds } from '../../core/wire/tls/host-kind.ts';
import { tlsProfileOf, type TlsProfileName } from '../../core/wire/tls/tls-profiles.ts';
import type { HubSpec, ScenarioHead } from '../scenario/schema.ts';
import { updateScript } from '../scenario/words/update-words.ts';
import { hubHost } from './hub-host.ts';
import { loadInterception } from './third-parties.ts';
import { openWebhookStandIn, type WebhookStandIn } from './webhook-stand-in.ts';

/** DPS, its hubs, and the services that the operator runs or grants access to. */
export interface WorldCloud extends Pick<
  Cloud,
  | 'entra'
  | 'faults'
  | 'fleetRules'
  | 'idScope'
  | 'operator'
  | 'ports'
  | 'usedServerRoots'
  | 'serverRoots'
  | 'serviceAccess'
  | 'otherTenants'
> {
  readonly settings: ScenarioHead['cloud'];
  /** The webhook that DPS calls for custom allocation; undefined if the scenario has none. */
  readonly webhook: WebhookStandIn | undefined;
  /** Keys of shared access policies that the operator gave to other parties, by policy name. */
  readonly accessKeys: Map<string, { readonly key: Buffer; readonly rights: readonly AccessRight[] }>;
}

/** The steps of a timeline, from which the cloud reads the roots that it needs later. */
export interface PlannedSteps {
  readonly timeline?: readonly { readonly name: string; readonly args: Readonly<Record<string, unknown>> }[];
}

/**
 * Starts the cloud of a scenario, and its webhook.
 * @returns the whole cloud, and the part of it that steps can use.
 */
export async function openCloud(
  scenario: Pick<ScenarioHead, 'cloud' | 'devices' | 'pki'> & PlannedSteps,
  startCloud: StartCloud,
  parts: Pick<CloudSettings, 'clock' | 'random' | 'history' | 'onTelemetry'>,
): Promise<{ readonly cloud: Cloud; readonly worldCloud: WorldCloud }> {
  const cloud = await startCloud({
    ...parts,
    // Client timeouts are off: a device waits in virtual time, which a run controller can pause, and the services must not close its
    // connection meanwhile.
    clientTimeouts: { idleMs: 0, admissionMs: 0 },
    ...cloudWords(scenario.cloud),
    serverRoots: serverRootsOf(scenario),
    otherTenants: Object.entries(scenario.cloud.strangers).map(([name, { idScope, hub }]) => ({
      name,
      idScope,
      hubs: [hubHost(hub)],
    })),
  });
  const webhook = await openWebhook(scenario);
  const { entra, faults, fleetRules, idScope, operator, ports, serverRoots, serviceAccess, otherTenants } = cloud;
  const kept = {
    entra,
    faults,
    fleetRules,
    idScope,
    operator,
    ports,
    serverRoots,
    serviceAccess,
    otherTenants,
  };
  const worldCloud: WorldCloud = {
    ...kept,
    // The roots in use change with the step `change-tls`.
    get usedServerRoots() {
      return cloud.usedServerRoots;
    },
    settings: scenario.cloud,
    webhook,
    accessKeys: new Map(),
  };
  return { cloud, worldCloud };
}

/**
 * Returns the names of the server roots. With a TLS profile, these are first the roots of the profile. The roots in trust bundles of
 * devices follow, and then the roots that steps of the timeline name, in another profile or in a list.
 */
function serverRootsOf({
  cloud: { serverRoots, tls },
  devices,
  timeline = [],
}: Pick<ScenarioHead, 'cloud' | 'devices'> & PlannedSteps): readonly string[] {
  if (serverRoots !== undefined) return serverRoots;
  if (tls === undefined) return ['server-root'];
  const bundles = Object.values(devices).flatMap(({ trustBundle = [] }) => trustBundle);
  const later = timeline.flatMap(({ name, args }) => {
    if (name === 'change-tls') return rootsOf(args['profile'] as TlsProfileName);
    const { roots } = args;
    return Array.isArray(roots) ? roots.map(String) : [];
  });
  return [...new Set([...rootsOf(tls), ...bundles, ...later])];
}

function rootsOf(profile: TlsProfileName): readonly string[] {
  const { hosts } = tlsProfileOf(profile);
  return hostKinds.flatMap((kind) => hosts[kind]?.roots ?? []);
}

/** Converts the keys under `cloud` of a scenario or a lab into the settings of a cloud. */
export function cloudWords(
  cloud: Omit<ScenarioHead['cloud'], 'faults' | 'serverRoots' | 'aliases' | 'strangers'>,
): Omit<CloudSettings, 'clock' | 'random' | 'history' | 'listen' | 'saved' | 'serverRoots'> {
  return {
    idScope: cloud.idScope,
    hubs: cloud.hubs.map(linkedHub),
    allocationPolicy: cloud.allocation,
    fidelity: { ...defaultFidelity, ...(cloud.fidelity as Partial<FidelitySettings>) },
    retryAfterSeconds: cloud.retryAfter,
    assignmentMs: addDuration(0, cloud.assignment),
    issuanceMs: addDuration(0, cloud.issuance),
    ...defined({ updates: cloud.updates === undefined ? undefined : updateScript(cloud.updates) }),
    ...defined({ entra: cloud.entra === undefined ? undefined : entraSettings(cloud.entra) }),
    credentialSyncMs: addDuration(0, cloud.credentialSync),
    credentialPolicies: Object.fromEntries(
      Object.entries(cloud.credentialPolicies).map(([name, policy]) => [name, credentialPolicy(policy)]),
    ),
    quotas: cloud.quotas,
    ...defined({ tlsProfile: cloud.tls }),
  };
}

function entraSettings({ applications }: NonNullable<ScenarioHead['cloud']['entra']>): EntraSettings {
  return {
    applications: Object.fromEntries(
      Object.entries(applications).map(([name, { clientId, clientSecret, roles }]) => [
        name,
        defined({ clientId, clientSecret, roles }),
      ]),
    ),
  };
}

function credentialPolicy({
  validityDays,
  namespace,
  certificateAuthority,
}: ScenarioHead['cloud']['credentialPolicies'][string]): CredentialPolicy {
  return { validityDays, ...defined({ namespace, certificateAuthority }) };
}

function linkedHub(spec: HubSpec): LinkedHubSettings {
  if (typeof spec === 'string') return { host: hubHost(spec) };
  const { name, weight, latency, allocation, events, disableDeviceSAS, disableModuleSAS } = spec;
  return {
    host: hubHost(name),
    weight,
    applyAllocationPolicy: allocation,
    disableDeviceSAS,
    disableModuleSAS,
    ...defined({ latencyMs: latency, events }),
  };
}

/**
 * Opens the webhook of a scenario. Also loads the interception of `fetch` if only a vendor needs it, because `openPki` opens the vendors
 * later.
 */
async function openWebhook({ cloud, pki }: Pick<ScenarioHead, 'cloud' | 'pki'>): Promise<WebhookStandIn | undefined> {
  const hasVendor = Object.values(pki).some((authority) => authority?.kind === 'third-party');
  if (cloud.webhook !== undefined || hasVendor) await loadInterception();
  return cloud.webhook === undefined ? undefined : openWebhookStandIn(cloud.webhook);
}
