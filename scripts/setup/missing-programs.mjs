import { accessSync, constants, readdirSync } from 'node:fs';
import { delimiter, join } from 'node:path';

const programs = [
  { name: 'swtpm', debianPackage: 'swtpm', isForTestsOnly: false },
  // The programs of key stores. If one of them is missing, a software model replaces the key store, and every run prints a warning.
  { name: 'openssl', debianPackage: 'openssl', isForTestsOnly: false, hasModel: true },
  { name: 'softhsm2-util', debianPackage: 'softhsm2', isForTestsOnly: false, hasModel: true },
  { name: 'pkcs11-tool', debianPackage: 'opensc', isForTestsOnly: false, hasModel: true },
  {
    name: 'libengine-pkcs11-openssl',
    file: '../lib/*/engines-3/pkcs11.so',
    debianPackage: 'libengine-pkcs11-openssl',
    isForTestsOnly: false,
    hasModel: true,
  },
  {
    name: 'tpm2-openssl',
    file: '../lib/*/ossl-modules/tpm2.so',
    debianPackage: 'tpm2-openssl',
    isForTestsOnly: false,
    hasModel: true,
  },
  { name: 'tpm2', debianPackage: 'tpm2-tools', isForTestsOnly: true },
  // This entry is a Python module of the distribution, not a program.
  {
    name: 'python3-qpid-proton',
    file: '../lib/python3/dist-packages/proton/__init__.py',
    debianPackage: 'python3-qpid-proton',
    isForTestsOnly: true,
  },
  // The virtual environment of test/sdk/python needs python3 and python3-venv. test/sdk/java needs javac and mvn.
  { name: 'python3', debianPackage: 'python3', isForTestsOnly: true },
  { name: 'python3-venv', file: '../lib/*/ensurepip/__init__.py', debianPackage: 'python3-venv', isForTestsOnly: true },
  { name: 'javac', debianPackage: 'default-jdk-headless', isForTestsOnly: true },
  { name: 'mvn', debianPackage: 'maven', isForTestsOnly: true },
  // The network namespaces for clients with fixed ports (test/sdk/network) need `ip` and util-linux.
  { name: 'ip', debianPackage: 'iproute2', isForTestsOnly: true },
  // Clients that do not use an SDK of Azure: a C program with Eclipse Paho, IBM's TSS, and the Python binding of the TCG's TSS.
  { name: 'gcc', debianPackage: 'gcc', isForTestsOnly: true },
  { name: 'libpaho-mqtt', file: '../include/MQTTClient.h', debianPackage: 'libpaho-mqtt-dev', isForTestsOnly: true },
  { name: 'tssgetcapability', debianPackage: 'tss2', isForTestsOnly: true },
  {
    name: 'python3-tpm2-pytss',
    file: '../lib/python3/dist-packages/tpm2_pytss/__init__.py',
    debianPackage: 'python3-tpm2-pytss',
    isForTestsOnly: true,
  },
  // With this library, programs that run as devices (docs/firmware.md) find the services.
  { name: 'libnss-wrapper', file: '../lib/*/libnss_wrapper.so', debianPackage: 'libnss-wrapper', isForTestsOnly: true },
  { name: 'mosquitto_pub', debianPackage: 'mosquitto-clients', isForTestsOnly: true },
  { name: 'curl', debianPackage: 'curl', isForTestsOnly: true },
  // faketime changes the system clock for a process (test/endurance/replays.ts).
  { name: 'faketime', debianPackage: 'faketime', isForTestsOnly: true },
  // The shells in which tests press the Tab key.
  { name: 'zsh', debianPackage: 'zsh', isForTestsOnly: true },
  { name: 'fish', debianPackage: 'fish', isForTestsOnly: true },
  // The browser for tests of the report page.
  { name: 'chromium', debianPackage: 'chromium', isForTestsOnly: true },
];

/**
 * Returns the programs that Rehearsal calls and that are not on the PATH. `file` is searched relative to the folders of the PATH; `*`
 * matches one folder.
 */
export function missingPrograms(isForTests) {
  return programs.filter(
    ({ name, file, isForTestsOnly }) =>
      (isForTests || !isForTestsOnly) && !isOnPath(file ?? name, file === undefined ? constants.X_OK : constants.R_OK),
  );
}

export function isOnPath(program, access = constants.X_OK) {
  return (process.env.PATH ?? '').split(delimiter).some((folder) => {
    try {
      const [before, after] = program.split('/*/');
      const paths =
        after === undefined
          ? [join(folder, program)]
          : readdirSync(join(folder, before)).map((name) => join(folder, before, name, after));
      return paths.some((path) => isThere(path, access));
    } catch {
      return false;
    }
  });
}

function isThere(path, access) {
  try {
    accessSync(path, access);
    return true;
  } catch {
    return false;
  }
}
