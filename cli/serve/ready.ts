import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { listenerPorts, type ListenerName, type PortByListener } from '../../core/wire/listener-ports.ts';
import { listenerNames } from './listener-ports.ts';
import { formatSas, signSas } from '../../core/wire/sas.ts';
import { globalEndpoint } from '../../core/wire/dps-wire.ts';
import type { HubAccess } from '../../core/cloud/cloud.ts';
import { ownCommand } from '../process/own-command.ts';
import { shellCommand } from '../process/shell-command.ts';
import type { HubNames } from '../../core/wire/hub-names.ts';
import type { LabTpm } from './open-tpms.ts';
import type { ReadyKeys } from './ready-keys.ts';

/** The addresses and keys of a ready lab, as `--json` prints them in one line. */
export interface Ready {
  readonly ready: true;
  readonly idScope: string;
  /** IP address at which the listeners listen. */
  readonly address: string;
  readonly hosts: {
    readonly device: string;
    readonly service: string;
    /** Host name of each hub, by the name in the lab file. */
    readonly hubs: Readonly<Record<string, string>>;
    /**
     * Two further host names of each hub, for TLS 1.3: one for devices, one for the service side. Empty if the TLS profile does not have
     * such names.
     */
    readonly hubNames: Readonly<Record<string, Pick<HubNames, 'device' | 'service'>>>;
    /** Host name of the namespace of the Event-Hub-compatible endpoints. */
    readonly events: string;
  };
  readonly ports: PortByListener;
  /** Connection string for the service API of DPS. */
  readonly serviceConnectionString: string;
  /** Connection string for the service side of each hub, by the name in the lab file. */
  readonly hubConnectionStrings: Readonly<Record<string, string>>;
  /** Connection string for an Event Hubs client that reads the telemetry of a hub, by the name in the lab file. */
  readonly eventHubConnectionStrings: Readonly<Record<string, string>>;
  /** SAS URL of the container with the files that devices uploaded, by the name of the hub in the lab file. */
  readonly uploadContainers: Readonly<Record<string, string>>;
  /** The Entra ID tenant whose tokens the service APIs of DPS and hubs accept. */
  readonly entra: {
    /**
     * Address of the token authority for clients on this computer. The lab also answers as `login.microsoftonline.com` on the HTTPS port.
     */
    readonly authorityHost: string;
    readonly tenantId: string;
    /** The applications by name. */
    readonly applications: Readonly<Record<string, ReadyApplication>>;
  };
  /** Path of the root certificate in PEM, which clients must trust. */
  readonly ca: string;
  /** DNS names and IP addresses in the server certificate beside those of Azure and `localhost`. */
  readonly names: readonly string[];
  readonly keys: ReadyKeys;
  readonly control: string;
  /** Address of the live page, with the token in the fragment. */
  readonly page: string;
  readonly controlToken: string;
  readonly tpms: Readonly<Record<string, ReadyTpm>>;
  /** Path of the state file; null if there is none. */
  readonly state: string | null;
}

/** An application that gets tokens with its secret. */
interface ReadyApplication {
  readonly clientId: string;
  readonly clientSecret: string;
  /** The roles of the application, which decide the calls that it may make. */
  readonly roles: readonly string[];
}

interface ReadyTpm {
  /** Host and command port of Microsoft's simulator protocol; the platform port is the next number. */
  readonly simulator: { readonly host: '127.0.0.1'; readonly port: number };
  /** For `tpm2-tools -T`. */
  readonly tcti: string;
  /** TPM2B_PUBLIC in base64, as an enrollment contains it. */
  readonly endorsementKey: string;
  readonly registrationId: string;
  readonly stateDir: string;
}

/** Returns a connection string for the service SDKs. */
export function connectionString(host: string, { policyName, key }: HubAccess): string {
  return `HostName=${host};SharedAccessKeyName=${policyName};SharedAccessKey=${key}`;
}

export function readyTpms(tpms: readonly LabTpm[]): Ready['tpms'] {
  return Object.fromEntries(
    tpms.map(({ name, port, socket, endorsementKey, registrationId, stateDir }) => [
      name,
      {
        simulator: { host: '127.0.0.1', port },
        tcti: `swtpm:path=${socket}`,
        endorsementKey: endorsementKey.toString('base64'),
        registrationId,
        stateDir,
      },
    ]),
  );
}

/** Returns the addresses and keys as text for a person, with commands to paste. */
export function readyText(ready: Ready, now: number): string {
  const { address, hosts, ports, ca, control, controlToken } = ready;
  const further = Object.entries(hosts.hubNames);
  const names = [
    hosts.device,
    hosts.service,
    ...Object.values(hosts.hubs),
    ...further.flatMap(([, { device, service }]) => [device, service]),
    hosts.events,
  ].join(' ');
  const reached = address === '0.0.0.0' || address === '::' ? '(an address of this computer)' : address;
  const tpms = Object.entries(ready.tpms).map(
    ([name, tpm]) =>
      `  TPM ${name}: simulator at ${tpm.simulator.host}:${tpm.simulator.port}, raw commands at ${tpm.tcti}\n` +
      `    registration ID of its endorsement key: ${tpm.registrationId}`,
  );
  return [
    `DPS and ${Object.keys(hosts.hubs).join(', ')} are ready, ID scope ${ready.idScope}. This is a test double with throw-away keys. Press Ctrl-C to end the lab.`,
    '',
    `  ${portText(ports)} at ${address}`,
    `  root certificate: ${ca}`,
    `  state: ${ready.state ?? 'not saved (use --state FILE to save it)'}`,
    `  live page: ${ready.page}`,
    `  control: ${control} with "Authorization: Bearer ${controlToken}"`,
    `  service API: ${ready.serviceConnectionString}`,
    `  Entra ID tenant: ${ready.entra.authorityHost}/${ready.entra.tenantId}`,
    ...Object.entries(ready.entra.applications).map(
      ([name, { clientId, clientSecret }]) => `  application ${name}: client ID ${clientId}, secret ${clientSecret}`,
    ),
    ...Object.entries(ready.hubConnectionStrings).map(([name, text]) => `  hub ${name}: ${text}`),
    ...further.map(
      ([name, { device, service }]) =>
        `  hub ${name} with TLS 1.3: ${device} for devices, ${service} for the service side`,
    ),
    ...Object.entries(ready.uploadContainers).map(([name, url]) => `  uploads of ${name}: ${url}`),
    ...(ready.names.length === 0 ? [] : [`  server certificate also for: ${ready.names.join(', ')}`]),
    ...keyLines(ready.keys),
    ...Object.entries(ready.eventHubConnectionStrings).map(
      ([name, text]) => `  Event Hubs client for ${name}: ${text}`,
    ),
    ...tpms,
    '',
    '# in /etc/hosts of the device',
    `${reached} ${names}`,
    '',
    '# in the environment of the program on the device',
    ...trustVariables.map((name) => `export ${shellCommand([`${name}=${ca}`])}`),
    ...firstCall(ready, now),
    '',
  ].join('\n');
}

/** WebSockets share the port of HTTPS. */
function portText(ports: PortByListener): string {
  const text = (name: ListenerName): string => `${name.toUpperCase()} ${ports[name]}`;
  return listenerNames.map((name) => (name === 'https' ? `${text(name)} (WebSockets too)` : text(name))).join(', ');
}

/** The environment variables for the file of trusted roots; docs/serve.md lists which client reads which variable. */
const trustVariables = [
  'NODE_EXTRA_CA_CERTS',
  'SSL_CERT_FILE',
  'REQUESTS_CA_BUNDLE',
  'AZ_IOT_DEVICE_X509_TRUST_PEM_FILE_PATH',
];

function keyLines({ groups, enrollments, firstDevice }: ReadyKeys): readonly string[] {
  return [
    ...Object.entries(groups).map(([id, { primaryKey }]) => `  key of group ${id}: ${primaryKey}`),
    ...Object.entries(enrollments).map(([id, { primaryKey }]) => `  key of ${id}: ${primaryKey}`),
    ...(firstDevice === null || firstDevice.enrollmentGroup === null
      ? []
      : [
          `  key of ${firstDevice.registrationId}, derived from the key of group ${firstDevice.enrollmentGroup}: ${firstDevice.key}`,
        ]),
  ];
}

/** Returns a curl command and Node code that register a device with the first symmetric key. */
function firstCall({ idScope, address, ports, ca, keys }: Ready, now: number): readonly string[] {
  if (keys.firstDevice === null) return firstCertificate({ idScope, ports, ca });
  const { registrationId } = keys.firstDevice;
  const key = Buffer.from(keys.firstDevice.key, 'base64');
  const se = Math.floor(now / 1000) + 3600;
  const sr = `${idScope}%2Fregistrations%2F${registrationId}`;
  const token = formatSas({ sr, sig: signSas(key, sr, se), se, skn: 'registration' });
  const device = `https://${globalEndpoint}/${idScope}/registrations/${registrationId}`;
  const version = 'api-version=2021-06-01';
  const curl = ['curl', '--cacert', ca, '--connect-to', `::${address}:${ports.https}`, '-X'];
  const body = JSON.stringify({ registrationId });
  const headers = ['-H', 'Content-Type: application/json', '-H', `Authorization: ${token}`];
  return [
    '',
    '# a first registration: with curl (the token is valid for an hour), and with the Node SDK',
    shellCommand([...curl, 'PUT', ...headers, '-d', body, `${device}/register?${version}`]),
    '# the answer has the status "assigning"; this command asks for the hub a moment later',
    shellCommand([...curl, 'POST', ...headers, '-d', body, `${device}?${version}`]),
    `ProvisioningDeviceClient.create('${globalEndpoint}${ports.mqtt === listenerPorts.mqtt ? '' : `:${ports.mqtt}`}', '${idScope}', new Mqtt(), ` +
      `new SymmetricKeySecurityClient('${registrationId}', '${key.toString('base64')}')).register(console.log);`,
  ];
}

/**
 * Returns the commands that issue a certificate for a device of a lab without symmetric keys. `rehearse cert` prints the registration that
 * follows, which reads ID scope and port from these variables. Returns nothing if the lab has no CA.
 */
function firstCertificate({ idScope, ports, ca }: Pick<Ready, 'idScope' | 'ports' | 'ca'>): readonly string[] {
  const pki = join(dirname(ca), 'pki');
  if (!existsSync(pki)) return [];
  return [
    '',
    '# a first device with a certificate of the lab; the command prints how the device registers',
    shellCommand([...ownCommand(), 'cert', 'first-device', 'first-device-files', '--pki', pki]),
    `export ID_SCOPE=${idScope} HTTPS_PORT=${ports.https}`,
  ];
}
