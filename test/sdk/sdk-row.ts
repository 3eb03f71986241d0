import { beforeEach, type TestContext } from 'vitest';

/** A row and a column of the table in docs/sdks.md, which `npm run sdk-table` writes from the results of a run. */
export interface SdkRow {
  /** A name of scripts/sdk/sdk-clients.mjs. */
  readonly client: string;
  readonly transport: string;
  readonly credential: 'key' | 'group key' | 'certificate' | 'group certificate' | 'TPM' | 'policy';
}

declare module 'vitest' {
  interface TaskMeta {
    sdk?: SdkRow;
  }
}

/** Counts the test as one of a row. Call it first, so that a failing test is counted too. */
export function countAs(
  { task }: TestContext,
  client: string,
  transport: string,
  credential: SdkRow['credential'],
): void {
  task.meta.sdk = { client, transport, credential };
}

/** Counts each test of the surrounding `describe` as one of a row. */
export function countEachAs(client: string, transport: string, credential: SdkRow['credential']): void {
  beforeEach((context) => countAs(context, client, transport, credential));
}
