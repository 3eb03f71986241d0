export interface SdkClient {
  readonly name: string;
  readonly registry: string;
  readonly package: string;
}

export const sdkClients: readonly SdkClient[];
export function pinnedVersion(root: string, client: SdkClient): string | undefined;
export function installedVersion(root: string, client: SdkClient): string | undefined;
