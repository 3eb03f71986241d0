import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

const programs = [
  { name: 'swtpm', debianPackage: 'swtpm', isForTestsOnly: false },
  { name: 'tpm2', debianPackage: 'tpm2-tools', isForTestsOnly: true },
  { name: 'openssl', debianPackage: 'openssl', isForTestsOnly: true },
];

/** The programs that Rehearsal calls and that are not on the PATH. */
export function missingPrograms(isForTests) {
  return programs.filter(({ name, isForTestsOnly }) => (isForTests || !isForTestsOnly) && !isOnPath(name));
}

export function isOnPath(program) {
  return (process.env.PATH ?? '').split(delimiter).some((folder) => {
    try {
      accessSync(join(folder, program), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}
