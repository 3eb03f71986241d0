import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * The clients of the table in docs/sdks.md, in the order of the table. Each client has the package whose version the table shows. Debian
 * packages are not pinned, so the table shows the versions on the computer that made it.
 */
export const sdkClients = [
  { name: 'Node device SDK', registry: 'npm', package: 'azure-iot-provisioning-device' },
  { name: 'Node device SDK at the hub', registry: 'npm', package: 'azure-iot-device' },
  { name: 'Node provisioning service SDK', registry: 'npm', package: 'azure-iot-provisioning-service' },
  { name: 'Node hub service SDK', registry: 'npm', package: 'azure-iothub' },
  { name: 'Event Hubs client for Node', registry: 'npm', package: '@azure/event-hubs' },
  { name: 'Python device SDK', registry: 'PyPI', package: 'azure-iot-device' },
  { name: 'Python device SDK, asyncio', registry: 'PyPI', package: 'azure-iot-device' },
  { name: 'Python hub service SDK', registry: 'PyPI', package: 'azure-iot-hub' },
  { name: 'Event Hubs client for Python', registry: 'PyPI', package: 'azure-eventhub' },
  { name: 'Python AMQP library', registry: 'PyPI', package: 'uamqp' },
  { name: 'Java device SDKs', registry: 'Maven', package: 'iot-device-client' },

  { name: 'Java hub service SDK', registry: 'Maven', package: 'iot-service-client' },
  { name: 'Java provisioning service SDK', registry: 'Maven', package: 'provisioning-service-client' },
  { name: 'Qpid Proton', registry: 'Debian', package: 'python3-qpid-proton' },
  { name: 'Eclipse Paho for C', registry: 'Debian', package: 'libpaho-mqtt1.3' },
  { name: 'Mosquitto clients', registry: 'Debian', package: 'mosquitto-clients' },
  { name: 'curl', registry: 'Debian', package: 'curl' },
];

/** Returns the pinned version of a client; undefined for Debian packages. */
export function pinnedVersion(root, client) {
  const find = pinned[client.registry];
  return find === undefined ? undefined : find(root, client.package);
}

/** Returns the installed version of a client; undefined if it is not installed, and for Debian packages. */
export function installedVersion(root, client) {
  const find = installed[client.registry];
  return find === undefined ? undefined : find(root, client.package);
}

const cache = join('node_modules', '.cache', 'rehearsal');

const pinned = {
  npm: (root, name) => json(root, 'package.json').devDependencies[name],
  PyPI: (root, name) => matchIn(root, 'test/sdk/python/requirements.txt', `^${name}==(\\S+)`),
  Maven: (root, name) =>
    matchIn(root, 'test/sdk/java/pom.xml', `<artifactId>${name}</artifactId>\\s*<version>([^<]+)</version>`),
};

const installed = {
  npm: (root, name) => json(root, join('node_modules', name, 'package.json')).version,
  PyPI: (root, name) =>
    fileVersion(root, join(cache, 'python', 'lib'), `/${name.replaceAll('-', '_')}-(.+)\\.dist-info$`),
  Maven: (root, name) => fileVersion(root, join(cache, 'java', 'lib'), `(?:^|/)${name}-(.+)\\.jar$`),
};

function json(root, path) {
  return JSON.parse(readFileSync(join(root, path), 'utf8'));
}

function matchIn(root, path, pattern) {
  return new RegExp(pattern, 'm').exec(readFileSync(join(root, path), 'utf8'))?.[1];
}

function fileVersion(root, folder, pattern) {
  const place = join(root, folder);
  if (!existsSync(place)) return undefined;
  for (const path of packageFolders(place)) {
    const version = new RegExp(pattern).exec(path)?.[1];
    if (version !== undefined) return version;
  }
  return undefined;
}

/** Returns the entries of a folder, and the entries of all `site-packages` folders below it. */
function packageFolders(place) {
  return readdirSync(place).flatMap((name) => {
    const packages = join(place, name, 'site-packages');
    return existsSync(packages) ? readdirSync(packages).map((inside) => `/${inside}`) : [`/${name}`];
  });
}
