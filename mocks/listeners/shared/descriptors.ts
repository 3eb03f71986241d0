import { readdirSync } from 'node:fs';

/** The number of files and sockets that this process has open, and their limit. */
export interface Descriptors {
  /** Soft limit of this process; undefined if the system has none or does not report it. */
  readonly limit: number | undefined;
  /** Undefined if no descriptor is left, because counting requires one. */
  inUse(): number | undefined;
}

/** Returns the descriptors of this process, as the system reports them. */
export function ownDescriptors(): Descriptors {
  let limit: number | undefined;
  let isKnown = false;
  return {
    get limit() {
      if (!isKnown) limit = softLimit();
      isKnown = true;
      return limit;
    },
    inUse: () => {
      try {
        // Linux and macOS have this folder. The descriptor that reads it is subtracted.
        return readdirSync('/dev/fd').length - 1;
      } catch (error) {
        return isUsedUp(error) ? undefined : 0;
      }
    },
  };
}

/** Returns true if an error of the system says that no descriptor is left, for this process or for the whole machine. */
export function isUsedUp(error: unknown): boolean {
  const { code } = error as { readonly code?: unknown };
  return code === 'EMFILE' || code === 'ENFILE';
}

/** Reads the limit from Node's diagnostic report, because Node has no `getrlimit`. */
function softLimit(): number | undefined {
  const { report } = process as { readonly report?: NodeJS.ProcessReport & { excludeNetwork?: boolean } };
  if (report === undefined) return undefined;
  const before = report.excludeNetwork;
  // With network data, a report looks up the name of every address.
  report.excludeNetwork = true;
  const { userLimits } = report.getReport() as {
    readonly userLimits?: { readonly open_files?: { readonly soft?: unknown } };
  };
  report.excludeNetwork = before ?? false;
  const soft = userLimits?.open_files?.soft;
  return typeof soft === 'number' ? soft : undefined;
}
