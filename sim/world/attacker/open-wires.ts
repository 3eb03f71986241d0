import { defined } from '../../../core/defined.ts';
import type { AttemptEnd } from '../../../core/history/events.ts';
import { SkewedClock } from '../../../core/time/clock.ts';
import { globalEndpoint } from '../../../core/wire/dps-wire.ts';
import type {
  Claim,
  OwnService,
  VendorAnswer,
  VendorClient,
  WireLogin,
  WireRequest,
  Wires,
} from '../../attacks/wires.ts';
import type { Credential } from '../../attacks/loot.ts';
import { attackerAddress } from '../address-of.ts';
import { attempt } from '../../devices/attempt.ts';
import { Device } from '../../devices/device.ts';
import type { HubPlace } from '../../devices/device-change.ts';
import type { DeviceTraits } from '../../devices/device-traits.ts';
import type { Flash } from '../../devices/flash.ts';
import type { TpmChip } from '../../devices/tpm-chip.ts';
import { SoftwareKeys } from '../../key-stores/software-keys.ts';
import { askEst } from '../../pki/est.ts';
import { ConnectionRefused, type WireAnswer } from '../../transports/dps-connection.ts';
import { HttpsExchange } from '../../transports/https/https-exchange.ts';
import { Network } from '../network.ts';
import { endByServer } from './end-by-server.ts';
import { connectMqtt, disconnectMqtt } from '../../transports/mqtt/mqtt-client.ts';
import type { Peer } from '../../transports/peer.ts';
import { openStream } from '../../transports/open-stream.ts';
import { allHubNames, hubHost } from '../hub-host.ts';
import type { World } from '../world.ts';

/** The members of `World` that the network actions of an attacker use. */
export type WireWorld = Pick<World, 'attack' | 'clock' | 'cloud' | 'factory' | 'history' | 'pki'>;

/** Creates the network actions of an attacker in a simulated world. Their traffic goes through the same code as the traffic of devices. */
export function openWires(world: WireWorld): Wires {
  const { cloud, clock, history } = world;
  // The rogue servers of the attacker exist only in the network of the devices. The attacker is outside this network and reaches the real
  // servers.
  const network = (): Network => {
    const { aliases } = world.cloud.settings;
    return new Network(clock, history, cloud, allHubNames(world.cloud.settings).map(hubHost), { aliases });
  };
  return {
    idScope: cloud.idScope,
    serviceHost: cloud.serviceAccess.host,
    ownService: (name) => ownService(world, name),
    register: async (claim) => {
      const pretender = pretend(world, claim);
      const end = await attempt(pretender, 'register', network());
      noteHubKey(world, pretender, claim.credential);
      return end;
    },
    connect: (claim, at) => attempt(pretend(world, claim, at), 'connect', network()),
    attempt: (claim, attestation, work) => conduct(world, claim, attestation, work),
    request: (request) => send(world, request),
    logIn: (login) => logIn(world, login),
    askVendor: (ca, csr, client) => {
      const vendor = world.pki.vendors.get(ca);
      return vendor === undefined ? undefined : ask(vendor.origin, csr, client);
    },
    hostOf: (place) => {
      if (place === 'devices') return globalEndpoint;
      return place === 'service' ? cloud.serviceAccess.host : hubHost(place);
    },
    answerFor: (host, server) => world.attack.rogueServers.open(host, server),
  };
}

function ownService({ cloud }: WireWorld, name: string): OwnService | undefined {
  const access = cloud.otherTenants.get(cloud.settings.strangers[name]?.idScope ?? '');
  return access && { host: access.host, policy: access.policyName, key: access.key };
}

/**
 * Creates the client with which an attacker acts as a device. It has the right clock, retries with back-off and has only the claimed
 * credential.
 */
function pretend({ clock, attack: { random }, cloud }: WireWorld, claim: Claim, assigned?: HubPlace): Device {
  const { name, registrationId, credential } = claim;
  const { attestation, lacks, tpm, flash } = shown(credential, cloud.idScope);
  return new Device(
    {
      name,
      attestation,
      address: attackerAddress,
      transport: claim.transport ?? (credential.kind === 'chip' ? 'https' : 'mqtt'),
      boot: 'always-register',
      ntp: true,
      checksServerValidity: true,
      retry: 'back-off',
      credential: 'own',
      csrName: undefined,
      clock: new SkewedClock(clock),
      random: random.fork(name),
      namedByChip: false,
      keyStore: 'file',
      keys: new SoftwareKeys(),
      by: 'attacker',
      lacks,
    },
    { registrationId, trustStore: cloud.usedServerRoots, tpm, flash, assigned },
  );
}

function shown(
  credential: Credential,
  idScope: string,
): Pick<DeviceTraits, 'attestation' | 'lacks'> & { readonly tpm?: TpmChip; readonly flash: Flash } {
  const config = { idScope, endpoint: globalEndpoint };
  switch (credential.kind) {
    case 'symmetric-key':
      return { attestation: 'symmetricKey', flash: { config, symmetricKey: credential.key } };
    case 'certificate':
      return { attestation: 'x509', flash: { config, certificate: credential.certificate } };
    case 'chip':
      return { attestation: 'tpm', tpm: credential.chip, flash: { config } };
    case 'none':
      return { attestation: 'symmetricKey', flash: { config }, lacks: credential.lacks };
  }
}

async function conduct(
  { history }: WireWorld,
  { name: device, registrationId, transport = 'https' }: Parameters<Wires['attempt']>[0],
  attestation: Parameters<Wires['attempt']>[1],
  work: () => Promise<AttemptEnd>,
): Promise<AttemptEnd> {
  const from = defined({ from: attackerAddress });
  history.record({ kind: 'attempt-started', device, registrationId, attestation, transport, by: 'attacker', ...from });
  const end = await work().catch(endByServer);
  history.record({ kind: 'attempt-ended', device, registrationId, ...end });
  return end;
}

async function send(world: WireWorld, request: WireRequest): Promise<WireAnswer> {
  const { host, method, path, body, token, ifMatch } = request;
  const exchange = await HttpsExchange.open(peerAt(world, host, 'https'), world.history);
  if (exchange === undefined) throw new Error(`the attacker does not trust ${host}`);
  try {
    return await exchange.send({ method, path, body, token, ...defined({ ifMatch }) });
  } finally {
    exchange.close();
  }
}

function peerAt({ cloud, clock }: WireWorld, host: string, transport: 'https' | 'mqtt'): Peer {
  const [port, roots] = [cloud.ports[transport], cloud.usedServerRoots];
  return { caller: 'attacker', from: attackerAddress, host, port, roots, clock, checksValidity: true };
}

async function logIn(
  world: WireWorld,
  { host, clientId, userName: username, isPlain, password }: WireLogin,
): Promise<number | undefined> {
  const socket = await openStream({ ...peerAt(world, host, 'mqtt'), isPlain }, world.history).catch(refusedStream);
  if (socket === 'refused') return undefined;
  if (socket === undefined) throw new Error(`the attacker does not trust ${host}`);
  const connected = await connectMqtt(socket, {
    clientId,
    username,
    ...defined({ password }),
  });
  if (connected.kind === 'refused') return connected.returnCode;
  if (connected.kind === 'closed') return undefined;
  await disconnectMqtt(connected.client, socket);
  return 0;
}

function refusedStream(error: unknown): 'refused' {
  if (error instanceof ConnectionRefused) return 'refused';
  throw error;
}

async function ask(origin: string, csr: string, client: VendorClient): Promise<VendorAnswer> {
  const asked = await askEst(origin, csr, client);
  return asked.ok
    ? { sentence: 'the vendor issues a certificate', certificates: asked.value }
    : { sentence: asked.failure.sentence };
}

/** Records that a TPM of the attacker has the hub key, after DPS has assigned the attacker. */
function noteHubKey({ factory }: WireWorld, { name, assigned }: Device, { kind }: Credential): void {
  if (assigned === undefined || kind !== 'chip') return;
  const place = { party: 'attacker', place: 'TPM of the attacker', label: name } as const;
  factory.secrets.setContent(place, [factory.inDevices.hubKey(assigned)]);
}
