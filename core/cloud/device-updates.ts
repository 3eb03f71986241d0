import type { JsonObject } from '../wire/enrollment.ts';

/** The answers of the update service (Device Update), which DPS passes to the devices. */
export interface UpdateScript {
  /** The update for devices that are not registered yet. Default: none. */
  readonly onboarding?: OfferedUpdate;
  /** The update for registered devices. Default: none. */
  readonly software?: OfferedUpdate;
  /** URL of the root keys, which devices get in the service configuration. Default: a URL on a reserved host name. */
  readonly rootKeyDownloadUrl?: string;
  /**
   * Error code with which the update service answers every request, such as `UPDATE_ACCOUNT_NOT_LINKED`. Default: no
   * error.
   */
  readonly error?: string;
}

/** Name of an update. */
export interface UpdateId {
  readonly provider: string;
  readonly name: string;
  readonly version: string;
}

/** An update that DPS offers to a device until the device reports this update as installed. */
export interface OfferedUpdate extends UpdateId {
  /** Further members of the update manifest, for the device only: DPS does not read them. */
  readonly manifest?: JsonObject;
  /** Addresses of the files, by their ID. Default: none. */
  readonly fileUrls?: Readonly<Record<string, string>>;
}

/** A report of a device about the installation of an update. */
export interface UpdateReport {
  readonly registrationId: string;
  readonly workflowId: string;
  readonly outcome: string;
  readonly resultCode: number;
  readonly resultDetails?: string;
}

/** The operations with which an operator controls device updates. */
export interface UpdateControl {
  /** Replaces the answers of the update service. If `script` is undefined, DPS has no linked update account. */
  setScript(script: UpdateScript | undefined): void;
  script(): UpdateScript | undefined;
  /** Returns the reports of devices, one for each workflow, in the order of their arrival. */
  reports(): readonly UpdateReport[];
}
