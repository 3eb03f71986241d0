// Plain JavaScript, because it also tells what keeps the bundle from being made (rehearse.mjs).

/** What the operating system says, in words. Errors with other codes are bugs until the opposite is shown. */
const meanings = {
  EACCES: 'this user may not use it',
  EPERM: 'this user may not use it',
  EROFS: 'the file system is read-only',
  ENOSPC: 'the disk is full',
  EDQUOT: 'the disk quota is used up',
  EFBIG: 'the file is larger than the system allows',
  EIO: 'the disk reports an error',
  EMFILE: 'this process has no file descriptors left (`ulimit -n`)',
  ENFILE: 'the computer has no file descriptors left',
  ENOMEM: 'the computer has no memory left',
  ENOTDIR: 'a part of the path is no folder',
  EISDIR: 'it is a folder',
  ENAMETOOLONG: 'the path is too long',
  ELOOP: 'its links lead in a circle',
  ETXTBSY: 'it is in use',
  EBUSY: 'it is in use',
};

/**
 * Returns a sentence if an error is about the computer and not about rehearse: a full disk, missing rights, no descriptors left.
 * Otherwise undefined.
 *
 * @param {unknown} error
 * @returns {string | undefined}
 */
export function environmentFault(error) {
  if (!(error instanceof Error)) return undefined;
  // An error of ours that names the file already (files/file-problem.ts).
  if (!('code' in error)) return environmentFault(error.cause) === undefined ? undefined : `error: ${error.message}`;
  if (!('syscall' in error)) return undefined;
  const { code, path, dest, syscall } = error;
  const meaning =
    meanings[code] ?? (code === 'ENOENT' && syscall === 'mkdir' ? 'its folder cannot be made' : undefined);
  if (meaning === undefined) return undefined;
  const what = dest ?? path;
  return `error: ${what === undefined ? 'the computer refuses a call' : `${what} cannot be used`}: ${meaning} (${String(code)}, ${String(syscall)}). Mend that or choose another place, then try again.`;
}
