import type { JsonObject } from '../wire/enrollment.ts';

/** The answers of the update service (Device Update) to devices, which DPS passes on. */
export interface UpdateScript {
  /** The update for devices that are not registered yet. Default: none. */
  readonly onboarding?: OfferedUpdate;
  /** The update for registered devices. Default: none. */
  readonly software?: OfferedUpdate;
  /** Address of the root keys in the service configuration. Default: one on a reserved host name. */
  readonly rootKeyDownloadUrl?: string;
  /** Text code with which every request fails, such as `UPDATE_ACCOUNT_NOT_LINKED`. Default: none fails. */
  readonly error?: string;
}

/** Name of an update. */
export interface UpdateId {
  readonly provider: string;
  readonly name: string;
  readonly version: string;
}

/** An update that a device gets until it reports it as its installed update. */
export interface OfferedUpdate extends UpdateId {
  /** Further members of the update manifest. DPS does not read them. */
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

/** The operator's side of device updates. */
export interface UpdateControl {
  /** Replaces the script; undefined removes it, and then no update account is linked. */
  setScript(script: UpdateScript | undefined): void;
  script(): UpdateScript | undefined;
  /** Returns the reports of devices, one for each workflow, in the order of their arrival. */
  reports(): readonly UpdateReport[];
}
