import { readdirSync } from 'node:fs';

/** The number of files and sockets that this process has open, and their limit. */
export interface Descriptors {
  /** Soft limit of open descriptors of this process; undefined if the system has no limit or does not report it. */
  readonly limit: number | undefined;
  /** Number of open descriptors; undefined if no descriptor is left, because counting needs one. */
  inUse(): number | undefined;
}

/** Returns the descriptors of this process, as the system reports them. */
export function ownDescriptors(): Descriptors {
  return {
    get limit() {
      known ??= { limit: softLimit() };
      return known.limit;
    },
    inUse: () => {
      try {
        // Linux and macOS list the open descriptors in this folder. The function does not count the descriptor with
        // which it reads the folder.
        return readdirSync('/dev/fd').length - 1;
      } catch (error) {
        return isUsedUp(error) ? undefined : 0;
      }
    },
  };
}

/**
 * The limit of this process, which all its clouds share. The program stores it, because a diagnostic report takes 10
 * ms, as long as everything else at the start of a cloud.
 */
let known: { readonly limit: number | undefined } | undefined;

/** Returns true if an error means that no file descriptor is left, for this process or for the whole machine. */
export function isUsedUp(error: unknown): boolean {
  const { code } = error as { readonly code?: unknown };
  return code === 'EMFILE' || code === 'ENFILE';
}

/** Reads the limit from Node's diagnostic report, because Node has no `getrlimit`. */
function softLimit(): number | undefined {
  const { report } = process as { readonly report?: NodeJS.ProcessReport & { excludeNetwork?: boolean } };
  if (report === undefined) return undefined;
  const before = report.excludeNetwork;
  // A report with network data would look up the host name of every address, which takes time.
  report.excludeNetwork = true;
  const { userLimits } = report.getReport() as {
    readonly userLimits?: { readonly open_files?: { readonly soft?: unknown } };
  };
  report.excludeNetwork = before ?? false;
  const soft = userLimits?.open_files?.soft;
  return typeof soft === 'number' ? soft : undefined;
}
