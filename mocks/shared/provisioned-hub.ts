import type { InitialTwin, JsonObject } from '../../core/wire/enrollment.ts';
import type { Problem } from '../../core/wire/problems.ts';
import type { Result } from '../../core/result.ts';
import type { IdentityAuthentication } from './identity-authentication.ts';

/** A hub as DPS uses it: DPS creates, updates, migrates and deletes the identity and the twin of a device. */
export interface ProvisionedHub {
  readonly host: string;
  readonly identities: {
    find(deviceId: string): ProvisionedIdentity | undefined;
    put(identity: ProvisionedIdentity): unknown;
    delete(deviceId: string): boolean;
  };
  readonly twins: ProvisionedTwins;
}

/** The part of a hub identity that DPS writes. */
interface ProvisionedIdentity {
  readonly deviceId: string;
  readonly status: 'enabled' | 'disabled';
  readonly authentication: IdentityAuthentication;
  readonly capabilities?: { readonly iotEdge: boolean };
}

/** The twins of a hub. A write that exceeds the limits of a twin changes nothing and returns the problem. */
export interface ProvisionedTwins {
  find(deviceId: string): object | undefined;
  create(deviceId: string, initial?: InitialTwin): Result<unknown, Problem>;
  export(deviceId: string): TwinDocument | undefined;
  import(deviceId: string, twin: TwinDocument): Result<unknown, Problem>;
  delete(deviceId: string): boolean;
}

/** A twin in the form in which it migrates to another hub: its sections contain `$metadata` and `$version`. */
export interface TwinDocument {
  readonly tags: JsonObject;
  readonly properties: { readonly desired: JsonObject; readonly reported: JsonObject };
}
