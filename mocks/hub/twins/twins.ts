import { failedWith, succeeded, type Result } from '../../../core/result.ts';
import type { Clock } from '../../../core/time/clock.ts';
import type { InitialTwin, JsonObject } from '../../../core/wire/enrollment.ts';
import type { FidelitySettings } from '../../../core/cloud/fidelity.ts';
import type { Store } from '../../../core/cloud/snapshot.ts';
import { WatchedMap } from '../../../core/cloud/watched-map.ts';
import { twinViolation } from '../../../core/wire/twin-rules.ts';
import type { TwinDocument } from '../../shared/provisioned-hub.ts';
import { hubProblems, saying, type HubProblem } from '../hub-problems.ts';
import { hubInstant } from '../hub-instant.ts';
import {
  emptySection,
  mergeSection,
  mergeValues,
  replaceSection,
  sectionDocument,
  sectionFrom,
  type TwinSection,
} from './twin-section.ts';

/** The twin of a device or module. */
export interface Twin {
  /** Name of the identity: the device ID, or `{deviceId}/{moduleId}`. */
  readonly deviceId: string;
  /** The model ID (IoT Plug and Play) that the device sent when it connected; absent if the device never sent one. */
  readonly modelId?: string;
  /** Number of writes by the service side. The ETag is the base64 of this number. */
  readonly writes: number;
  /** Number of all writes, by the service side and by the device. */
  readonly version: number;
  readonly tags: JsonObject;
  readonly desired: TwinSection;
  readonly reported: TwinSection;
}

/** A write of the service side to a twin. Null clears a section. An omitted section does not change. */
export interface TwinWrite {
  readonly tags?: JsonObject | null;
  readonly desired?: JsonObject | null;
}

/** The twin after a write, or the problem if the hub refused the write. */
export type TwinOutcome = Result<Twin, HubProblem>;

/** The twins of one hub. Device IDs are case-sensitive. */
export class Twins implements Store {
  readonly #clock: Clock;
  readonly #rules: Pick<FidelitySettings, 'hashInTwinNames'>;
  readonly #twins = new WatchedMap<Twin>();
  readonly parts = { twins: this.#twins };

  constructor(clock: Clock, rules: Pick<FidelitySettings, 'hashInTwinNames'>) {
    this.#clock = clock;
    this.#rules = rules;
  }

  /**
   * Creates a twin and replaces a former one. If the initial twin exceeds the limits, creates nothing and returns the problem.
   */
  create(deviceId: string, initial: InitialTwin = {}): TwinOutcome {
    const at = this.#instant();
    const empty: Twin = {
      deviceId,
      writes: 1,
      version: 2,
      tags: {},
      desired: emptySection(at),
      reported: emptySection(at),
    };
    const { tags, properties } = initial;
    const desired = properties?.desired;
    const filled = {
      ...empty,
      tags: mergeValues({}, tags ?? {}),
      desired: mergeSection({ ...empty.desired, version: 0 }, desired ?? {}, at, desired !== undefined),
    };
    return this.#keep(filled);
  }

  find(deviceId: string): Twin | undefined {
    return this.#twins.get(deviceId);
  }

  /** Deletes a twin. Returns false if the device has no twin. */
  delete(deviceId: string): boolean {
    return this.#twins.delete(deviceId);
  }

  save(): readonly Twin[] {
    return [...this.#twins.values()];
  }

  load(saved: readonly Twin[]): void {
    this.#twins.clear();
    for (const twin of saved) this.#twins.set(twin.deviceId, twin);
  }

  /** Returns the twin in the form in which it migrates to another hub. */
  export(deviceId: string): TwinDocument | undefined {
    const twin = this.#twins.get(deviceId);
    if (twin === undefined) return undefined;
    const { tags, desired, reported } = twin;
    return { tags, properties: { desired: sectionDocument(desired), reported: sectionDocument(reported) } };
  }

  /** Stores a twin that migrates from another hub. The stored twin replaces a former twin of the device. */
  import(deviceId: string, { tags, properties }: TwinDocument): TwinOutcome {
    const at = this.#instant();
    const desired = sectionFrom(properties.desired, at);
    const reported = sectionFrom(properties.reported, at);
    return this.#keep({ deviceId, writes: 1, version: desired.version + reported.version, tags, desired, reported });
  }

  /** Applies a merge patch of the service side. @param ifMatch ETag without quotes, or `*` for any version. */
  patch(deviceId: string, write: TwinWrite, ifMatch = '*'): TwinOutcome {
    return this.#write(deviceId, ifMatch, (twin, at) => ({
      ...twin,
      ...(write.tags === undefined ? {} : { tags: write.tags === null ? {} : mergeValues(twin.tags, write.tags) }),
      ...(write.desired === undefined
        ? {}
        : {
            desired: (write.desired === null ? replaceSection : mergeSection)(
              twin.desired,
              write.desired ?? {},
              at,
              true,
            ),
          }),
    }));
  }

  /** Replaces whole sections of a twin for the service side, so values that are not in `write` disappear. */
  replace(deviceId: string, write: TwinWrite, ifMatch = '*'): TwinOutcome {
    return this.#write(deviceId, ifMatch, (twin, at) => ({
      ...twin,
      ...(write.tags === undefined ? {} : { tags: mergeValues({}, write.tags ?? {}) }),
      ...(write.desired === undefined ? {} : { desired: replaceSection(twin.desired, write.desired ?? {}, at, true) }),
    }));
  }

  /** Stores the model ID of a device. The version of the twin does not change, because no source documents a change. */
  putModelId(deviceId: string, modelId: string): void {
    const twin = this.#twins.get(deviceId);
    if (twin !== undefined) this.#twins.set(deviceId, { ...twin, modelId });
  }

  /** Applies a merge patch of the device to the reported properties. */
  report(deviceId: string, patch: JsonObject): TwinOutcome {
    const twin = this.#twins.get(deviceId);
    if (twin === undefined) return failedWith(hubProblems.deviceNotFound);
    const reported = mergeSection(twin.reported, patch, this.#instant(), false);
    return this.#keep({ ...twin, reported, version: twin.version + 1 });
  }

  #write(deviceId: string, ifMatch: string, change: (twin: Twin, at: string) => Twin): TwinOutcome {
    const twin = this.#twins.get(deviceId);
    if (twin === undefined) return failedWith(hubProblems.deviceNotFound);
    if (ifMatch !== '*' && ifMatch !== twinEtag(twin)) return failedWith(hubProblems.preconditionFailed);
    const changed = change(twin, this.#instant());
    return this.#keep({ ...changed, writes: twin.writes + 1, version: twin.version + 1 });
  }

  #keep(twin: Twin): TwinOutcome {
    const violation =
      twinViolation('tags', twin.tags, this.#rules) ??
      twinViolation('desired', twin.desired.values, this.#rules) ??
      twinViolation('reported', twin.reported.values, this.#rules);
    if (violation !== undefined) return failedWith(saying(hubProblems.argumentInvalid, violation.sentence));
    this.#twins.set(twin.deviceId, twin);
    return succeeded(twin);
  }

  #instant(): string {
    return hubInstant(this.#clock.now());
  }
}

/** Returns the ETag of a twin without quotes: base64 of a counter of eight bytes, `AAAAAAAAAAE=` at first. */
export function twinEtag({ writes }: Twin): string {
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(writes));
  return counter.toString('base64');
}
