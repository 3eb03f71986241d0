import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

const programs = [
  { name: 'swtpm', debianPackage: 'swtpm', isForTestsOnly: false },
  { name: 'tpm2', debianPackage: 'tpm2-tools', isForTestsOnly: true },
  { name: 'openssl', debianPackage: 'openssl', isForTestsOnly: true },
  // No program of its own: a module of the Python that the distribution installs.
  {
    name: 'python3-qpid-proton',
    file: '../lib/python3/dist-packages/proton/__init__.py',
    debianPackage: 'python3-qpid-proton',
    isForTestsOnly: true,
  },
  { name: 'mosquitto_pub', debianPackage: 'mosquitto-clients', isForTestsOnly: true },
  { name: 'curl', debianPackage: 'curl', isForTestsOnly: true },
];

/** The programs that Rehearsal calls and that are not on the PATH; `file` is looked for beside its folders. */
export function missingPrograms(isForTests) {
  return programs.filter(
    ({ name, file, isForTestsOnly }) =>
      (isForTests || !isForTestsOnly) && !isOnPath(file ?? name, file === undefined ? constants.X_OK : constants.R_OK),
  );
}

export function isOnPath(program, access = constants.X_OK) {
  return (process.env.PATH ?? '').split(delimiter).some((folder) => {
    try {
      accessSync(join(folder, program), access);
      return true;
    } catch {
      return false;
    }
  });
}
