import { X509Certificate } from 'node:crypto';
import type { CheckId } from '../../core/checks.ts';
import type { Cloud } from '../../core/cloud/cloud.ts';
import { firstFailed } from '../../core/history/decision.ts';
import { systemClock, type Clock, type Millis } from '../../core/time/clock.ts';
import { defaultFidelity, type FidelitySettings } from '../../core/cloud/fidelity.ts';
import { History } from '../../core/history/history.ts';
import { Random } from '../../core/random.ts';
import { mintCertificate, type Minted } from '../../core/x509/mint/mint.ts';
import { generateKeyPair } from '../../core/x509/mint/key-pair.ts';
import { startCloud } from '../../mocks/start-cloud.ts';

export const hub = 'hub-eu.azure-devices.net';

/** The mock in real time, for SDKs. */
export interface Lab {
  readonly cloud: Cloud;
  /** PEM of the root that the SDK must trust. */
  readonly ca: string;
  /** The last failed check, of any client or of the device with this ID. */
  lastRefusal(subject?: string): CheckId | undefined;
  /** The calls of a device to DPS so far, with their instants at DPS. */
  calls(registrationId: string): readonly DeviceCallSeen[];
  /** The subscriptions that the hub has granted to a device so far. */
  subscriptions(deviceId: string): readonly string[];
  /** The messages from a device to its hub so far, in the words of the history. */
  messagesFrom(deviceId: string): readonly string[];
  /** All received messages so far, in the words of the history. */
  allMessages(): readonly string[];
  close(): Promise<void>;
}

/** A call of the device API: its kind, the status and the instant of the answer. */
export interface DeviceCallSeen {
  readonly kind: 'register' | 'poll';
  /** `cut` if the connection was closed instead of an answer. */
  readonly answer: number | 'cut';
  readonly at: Millis;
}

interface LabSettings {
  /** Real milliseconds of an assignment. Default: 0, so that the first poll, after one second, finds it done. */
  readonly assignmentMs?: number;
  /** The clock of the service; the clients use the clock of the computer. */
  readonly clock?: Clock;
  readonly fidelity?: Partial<FidelitySettings>;
  readonly idScope?: string;
}

export async function openLab({
  assignmentMs = 0,
  clock = systemClock,
  fidelity,
  idScope = '0ne00000001',
}: LabSettings = {}): Promise<Lab> {
  const history = new History(clock);
  const cloud = await startCloud({
    clock,
    random: new Random('sdk'),
    history,
    idScope,
    hubs: [hub],
    fidelity: { ...defaultFidelity, ...fidelity },
    retryAfterSeconds: 1,
    assignmentMs,
  });
  return {
    cloud,
    ca: new X509Certificate(cloud.serverRoot).toString(),
    lastRefusal: (subject) => {
      const decisions = history.events().flatMap((event) => (event.kind === 'decision' ? [event] : []));
      const meant = decisions.filter((decision) => subject === undefined || decision.subject === subject);
      return meant.flatMap((decision) => firstFailed(decision)?.check ?? []).at(-1);
    },
    calls: (registrationId) =>
      history.events().flatMap((event) => {
        const isFromIt = event.kind === 'wire' && event.from === registrationId && event.to === 'dps';
        return isFromIt ? callIn(event.message, event.at) : [];
      }),
    subscriptions: (deviceId) =>
      history.events().flatMap((event) => {
        const said = event.kind === 'wire' && event.from === deviceId ? event.message : '';
        return said.startsWith('SUBSCRIBE ') ? said.slice('SUBSCRIBE '.length).split(' ') : [];
      }),
    messagesFrom: (deviceId) =>
      history.events().flatMap((event) => (event.kind === 'wire' && event.from === deviceId ? [event.message] : [])),
    allMessages: () => history.events().flatMap((event) => (event.kind === 'wire' ? [event.message] : [])),
    close: () => cloud.close(),
  };
}

/** Over every protocol a call is recorded as request, arrow, answer. Connections and links are not calls. */
function callIn(message: string, at: Millis): DeviceCallSeen[] {
  const [asked = '', answered = ''] = message.split(' → ');
  const answer = answered.startsWith('the connection is cut') ? 'cut' : Number.parseInt(answered, 10);
  if (/iotdps-register|\/register\?/.test(asked)) return [{ kind: 'register', answer, at }];
  return /iotdps-get-operationstatus|\/operations\//.test(asked) ? [{ kind: 'poll', answer, at }] : [];
}

/** A certificate that is valid now. */
export async function mintNow(commonName: string, issuer?: Minted, ca?: object): Promise<Minted> {
  const now = systemClock.now();
  return mintCertificate({
    subject: { commonName },
    keys: await generateKeyPair('P-256'),
    ...(issuer === undefined ? {} : { issuer: { certificate: issuer.certificate, keys: issuer.keys } }),
    notBefore: now - 60_000,
    notAfter: now + 86_400_000,
    ...(ca === undefined ? {} : { ca }),
  });
}
