// This file is plain JavaScript, because rehearse.mjs also uses it for errors while the bundle is built.

/** Descriptions of system errors that the environment causes. An error with another code is treated as a bug. */
const meanings = {
  EACCES: 'permission denied',
  EPERM: 'permission denied',
  EROFS: 'the file system is read-only',
  ENOSPC: 'the disk is full',
  EDQUOT: 'the disk quota is used up',
  EFBIG: 'the file is larger than the system allows',
  EIO: 'the disk reports an error',
  EMFILE: 'this process has no file descriptors left (`ulimit -n`)',
  ENFILE: 'the computer has no file descriptors left',
  ENOMEM: 'the computer has no memory left',
  ENOTDIR: 'a part of the path is not a folder',
  EISDIR: 'it is a folder',
  ENAMETOOLONG: 'the path is too long',
  ELOOP: 'its symbolic links form a loop',
  ETXTBSY: 'it is in use',
  EBUSY: 'it is in use',
};

/**
 * Describes an error if the environment caused it: a full disk, missing permission, no file descriptors left. Returns undefined for any
 * other error.
 *
 * @param {unknown} error
 * @returns {string | undefined}
 */
export function environmentMessage(error) {
  if (!(error instanceof Error)) return undefined;
  // The message of a FileProblem names the file already (files/file-problem.ts).
  if (!('code' in error)) return environmentMessage(error.cause) === undefined ? undefined : `error: ${error.message}`;
  if (!('syscall' in error)) return undefined;
  const { code, path, dest, syscall } = error;
  if (code === 'ENOENT' && syscall === 'uv_cwd') {
    return 'error: the current folder was deleted; change to a folder that exists (`cd`), then try again.';
  }
  const meaning =
    meanings[code] ?? (code === 'ENOENT' && syscall === 'mkdir' ? 'its folder cannot be created' : undefined);
  if (meaning === undefined) return undefined;
  const what = dest ?? path;
  return `error: ${what === undefined ? 'a system call failed' : `${what} cannot be used`}: ${meaning} (${String(code)}, ${String(syscall)}). Fix this or choose another location, then try again.`;
}
