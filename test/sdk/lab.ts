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

/** The mock cloud, running in real time for tests with SDKs. */
export interface Lab {
  readonly cloud: Cloud;
  /** PEM of the root certificate that the SDK must trust. */
  readonly ca: string;
  /** Returns the last failed check of any client, or of the device with this ID. */
  lastRefusal(subject?: string): CheckId | undefined;
  /** Returns the calls of a device to DPS so far, with the time of each answer. */
  calls(registrationId: string): readonly DeviceCallSeen[];
  /** Returns the subscriptions that the hub has granted to a device so far. */
  subscriptions(deviceId: string): readonly string[];
  /** Returns the messages from a device to its hub so far, as the history describes them. */
  messagesFrom(deviceId: string): readonly string[];
  /** Returns all messages that the services have received so far, as the history describes them. */
  allMessages(): readonly string[];
  close(): Promise<void>;
}

/** A call of the device API: its kind, and the status and the time of its answer. */
export interface DeviceCallSeen {
  readonly kind: 'register' | 'poll';
  /** HTTP status; `cut` if the service closed the connection and sent no answer. */
  readonly answer: number | 'cut';
  readonly at: Millis;
}

interface LabSettings {
  /** Duration of an assignment in real milliseconds. Default: 0, so that the first poll, after one second, gets the final answer. */
  readonly assignmentMs?: number;
  /** The clock of the services. Default: the real clock. The clients always use the clock of the computer. */
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

/**
 * Reads the call from a message of the history. For every protocol, such a message has the form `request → answer`. Connections and links
 * are not calls.
 */
function callIn(message: string, at: Millis): DeviceCallSeen[] {
  const [asked = '', answered = ''] = message.split(' → ');
  const answer = answered.startsWith('an injected fault closes the connection') ? 'cut' : Number.parseInt(answered, 10);
  if (/iotdps-register|\/register\?/.test(asked)) return [{ kind: 'register', answer, at }];
  return /iotdps-get-operationstatus|\/operations\//.test(asked) ? [{ kind: 'poll', answer, at }] : [];
}

/** Mints a certificate that is valid now. */
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
