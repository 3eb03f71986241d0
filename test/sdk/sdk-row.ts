import { beforeEach, type TestContext } from 'vitest';

/**
 * The row (client and transport) and the column (credential) of a test in the table in docs/sdks.md. `npm run sdk-table` fills the table
 * with the results of a run.
 */
export interface SdkRow {
  /** Name of a client in scripts/sdk/sdk-clients.mjs. */
  readonly client: string;
  readonly transport: string;
  readonly credential: 'key' | 'group key' | 'certificate' | 'group certificate' | 'TPM' | 'policy';
}

declare module 'vitest' {
  interface TaskMeta {
    sdk?: SdkRow;
  }
}

/** Counts a test in a row of the table. A test must call this function first, so that a failed test is counted, too. */
export function countAs(
  { task }: TestContext,
  client: string,
  transport: string,
  credential: SdkRow['credential'],
): void {
  task.meta.sdk = { client, transport, credential };
}

/** Counts each test of the surrounding `describe` in a row of the table. */
export function countEachAs(client: string, transport: string, credential: SdkRow['credential']): void {
  beforeEach((context) => countAs(context, client, transport, credential));
}
