import { readdirSync } from 'node:fs';

/** How many files and sockets this process has open, and how many it may have. */
export interface Descriptors {
  /** Soft limit of this process; undefined if the system has none, or does not tell. */
  readonly limit: number | undefined;
  /** Undefined if there is none left even to count them. */
  inUse(): number | undefined;
}

/** The descriptors of this process, as the system tells. */
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
        // Linux and macOS have it; the one that reads the folder is not counted.
        return readdirSync('/dev/fd').length - 1;
      } catch (error) {
        return isUsedUp(error) ? undefined : 0;
      }
    },
  };
}

/** Whether an error of the system says that no descriptor is left, for this process or for the whole machine. */
export function isUsedUp(error: unknown): boolean {
  const { code } = error as { readonly code?: unknown };
  return code === 'EMFILE' || code === 'ENFILE';
}

/** Taken from Node's diagnostic report: Node offers no `getrlimit`. */
function softLimit(): number | undefined {
  const { report } = process as { readonly report?: NodeJS.ProcessReport & { excludeNetwork?: boolean } };
  if (report === undefined) return undefined;
  const before = report.excludeNetwork;
  // With the network, a report looks up the name of every address.
  report.excludeNetwork = true;
  const { userLimits } = report.getReport() as {
    readonly userLimits?: { readonly open_files?: { readonly soft?: unknown } };
  };
  report.excludeNetwork = before ?? false;
  const soft = userLimits?.open_files?.soft;
  return typeof soft === 'number' ? soft : undefined;
}
