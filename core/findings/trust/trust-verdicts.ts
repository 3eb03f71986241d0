import type { ClientHello } from '../../wire/tls/client-hello.ts';
import { hostKinds, type HostKind } from '../../wire/tls/host-kind.ts';
import { judgeOffer } from '../../wire/tls/judge-offer.ts';
import { publicRoots, type PublicRootName } from '../../wire/tls/public-roots.ts';
import { tlsProfileNames, tlsProfileOf, type ProfileHost, type TlsProfile } from '../../wire/tls/tls-profiles.ts';

/**
 * The result of a device at one kind of host under one TLS profile. `partly`: the device connects only to some hosts of
 * this kind, because Azure is migrating them to another root.
 */
interface HostVerdict {
  readonly host: HostKind;
  readonly result: 'connects' | 'partly' | 'refused';
  /** Reasons, if the result is not `connects`. */
  readonly reasons: readonly string[];
}

/** The result of a device under one TLS profile. */
export interface ProfileVerdict extends Pick<TlsProfile, 'from' | 'until' | 'line' | 'sentence' | 'source'> {
  readonly profile: string;
  /** The worse of the results at DPS and at the classic host name of a hub, because a device needs both. */
  readonly result: HostVerdict['result'];
  readonly hosts: readonly HostVerdict[];
}

/** The results of a device under all TLS profiles, and the conclusions for the public cloud. */
export interface TrustVerdict {
  readonly profiles: readonly ProfileVerdict[];
  /** True if the device connects under the newest profile of the public cloud. */
  readonly connectsToday: boolean;
  /**
   * First day on which the device no longer connected to every host (ISO 8601). This is the first day of a TLS profile.
   * Absent if the device connects today, or never connected.
   */
  readonly lostSince?: string;
  /** The earliest day (ISO 8601) on which a trusted root of today's hosts expires. Absent if the device does not connect today. */
  readonly untilAtMost?: string;
  /** Reasons for `lostSince`, or why the device never connected. */
  readonly reasons: readonly string[];
}

/**
 * Compares a device with every TLS profile.
 *
 * @param trusted public roots in the trust bundle.
 * @param hello the ClientHello of the device; undefined if it is unknown.
 */
export function trustVerdicts(trusted: ReadonlySet<PublicRootName>, hello: ClientHello | undefined): TrustVerdict {
  const profiles = tlsProfileNames.map((name) => profileVerdict(name, tlsProfileOf(name), trusted, hello));
  const timeline = profiles.filter(({ line }) => line === 'public');
  const today = timeline.at(-1);
  const connectsToday = today?.result === 'connects';
  if (connectsToday) return { profiles, connectsToday, untilAtMost: endOfRoots(trusted), reasons: [] };
  const last = timeline.findLastIndex(({ result }) => result === 'connects');
  const lost = last < 0 ? undefined : timeline[last + 1];
  const reasons = reasonsOf(lost ?? today);
  return { profiles, connectsToday, ...(lost?.from === undefined ? {} : { lostSince: lost.from }), reasons };
}

function profileVerdict(
  profile: string,
  { hosts, from, until, line, sentence, source }: TlsProfile,
  trusted: ReadonlySet<PublicRootName>,
  hello: ClientHello | undefined,
): ProfileVerdict {
  const verdicts = hostKinds.flatMap((host) => {
    const settings = hosts[host];
    return settings === undefined ? [] : [hostVerdict(host, settings, from, trusted, hello)];
  });
  const needed = verdicts.filter(({ host }) => host === 'dps' || host === 'classic').map(({ result }) => result);
  const result = needed.includes('refused') ? 'refused' : needed.includes('partly') ? 'partly' : 'connects';
  const dates = { ...(from === undefined ? {} : { from }), ...(until === undefined ? {} : { until }) };
  return { profile, result, ...dates, line, sentence, source, hosts: verdicts };
}

function hostVerdict(
  host: HostKind,
  settings: ProfileHost,
  from: string | undefined,
  trusted: ReadonlySet<PublicRootName>,
  hello: ClientHello | undefined,
): HostVerdict {
  const reasons: string[] = [];
  const usable = (root: PublicRootName): boolean => trusted.has(root) && (from ?? '') < publicRoots[root].notAfter;
  const missing = settings.roots.filter((root) => !usable(root));
  for (const root of missing) {
    const { commonName, notAfter } = publicRoots[root];
    const state = trusted.has(root) ? `has expired on ${notAfter.slice(0, 10)}` : 'is not in the trust bundle';
    reasons.push(`its root ${commonName} ${state}`);
  }
  const offer = hello === undefined ? undefined : judgeOffer(hello, settings);
  if (offer?.ok === false)
    reasons.push(`no common ${words[offer.fault]}: the host has ${offer.expected}, the device offers ${offer.found}`);
  const isRefused = offer?.ok === false || missing.length === settings.roots.length;
  return { host, result: isRefused ? 'refused' : missing.length > 0 ? 'partly' : 'connects', reasons };
}

const words = { version: 'TLS version', suite: 'cipher suite', parameters: 'group or signature algorithm' } as const;

function reasonsOf(verdict: ProfileVerdict | undefined): readonly string[] {
  const needed = verdict?.hosts.filter(({ host }) => host === 'dps' || host === 'classic') ?? [];
  return needed.flatMap(({ host, reasons }) => reasons.map((reason) => `${hostNames[host]}: ${reason}`));
}

/** Names of the kinds of hosts, for texts. */
export const hostNames: Readonly<Record<HostKind, string>> = {
  dps: 'DPS',
  classic: 'hub',
  device: 'hub, name `device`',
  service: 'hub, name `service`',
};

/** Returns the earliest day on which a trusted root of today's hosts expires. */
function endOfRoots(trusted: ReadonlySet<PublicRootName>): string {
  const { hosts } = tlsProfileOf('azure-2026');
  const used = [...(hosts.dps?.roots ?? []), ...(hosts.classic?.roots ?? [])].filter((root) => trusted.has(root));
  return used.map((root) => publicRoots[root].notAfter.slice(0, 10)).toSorted()[0] ?? '';
}
