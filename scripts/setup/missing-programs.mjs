import { accessSync, constants, readdirSync } from 'node:fs';
import { delimiter, join } from 'node:path';

const programs = [
  { name: 'swtpm', debianPackage: 'swtpm', isForTestsOnly: false },
  // What key stores are made of. Where one is missing a model in software stands in, and every run says so.
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
  // No program of its own: a module of the Python that the distribution installs.
  {
    name: 'python3-qpid-proton',
    file: '../lib/python3/dist-packages/proton/__init__.py',
    debianPackage: 'python3-qpid-proton',
    isForTestsOnly: true,
  },
  // What makes the virtual environment of test/sdk/python, and compiles and runs test/sdk/java.
  { name: 'python3', debianPackage: 'python3', isForTestsOnly: true },
  { name: 'python3-venv', file: '../lib/*/ensurepip/__init__.py', debianPackage: 'python3-venv', isForTestsOnly: true },
  { name: 'javac', debianPackage: 'default-jdk-headless', isForTestsOnly: true },
  { name: 'mvn', debianPackage: 'maven', isForTestsOnly: true },
  // What gives clients with fixed ports a network of their own (test/sdk/network), beside util-linux.
  { name: 'ip', debianPackage: 'iproute2', isForTestsOnly: true },
  // Other clients: a C program with Eclipse Paho, IBM's TSS and the Python binding of the TCG's.
  { name: 'gcc', debianPackage: 'gcc', isForTestsOnly: true },
  { name: 'libpaho-mqtt', file: '../include/MQTTClient.h', debianPackage: 'libpaho-mqtt-dev', isForTestsOnly: true },
  { name: 'tssgetcapability', debianPackage: 'tss2', isForTestsOnly: true },
  {
    name: 'python3-tpm2-pytss',
    file: '../lib/python3/dist-packages/tpm2_pytss/__init__.py',
    debianPackage: 'python3-tpm2-pytss',
    isForTestsOnly: true,
  },
  { name: 'mosquitto_pub', debianPackage: 'mosquitto-clients', isForTestsOnly: true },
  { name: 'curl', debianPackage: 'curl', isForTestsOnly: true },
  // What moves the clock of the computer for a process (test/endurance/replays.ts).
  { name: 'faketime', debianPackage: 'faketime', isForTestsOnly: true },
  // What the report page is looked at with.
  { name: 'chromium', debianPackage: 'chromium', isForTestsOnly: true },
];

/**
 * The programs that Rehearsal calls and that are not on the PATH; `file` is looked for beside its folders, where `*` stands
 * for one folder of any name.
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
