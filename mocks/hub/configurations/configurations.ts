import { isDeepStrictEqual } from 'node:util';
import { failedWith, succeeded, type Result } from '../../../core/result.ts';
import type { JsonObject } from '../../../core/wire/enrollment.ts';
import type { Store } from '../../../core/cloud/snapshot.ts';
import { WatchedMap } from '../../../core/cloud/watched-map.ts';
import type { Millis } from '../../../core/time/clock.ts';
import type { Identities } from '../registry/identities.ts';
import type { TwinOutcome, Twins } from '../twins/twins.ts';
import { hubProblems, saying, type HubProblem } from '../hub-problems.ts';
import { parseCondition } from '../query/parse-query.ts';
import { matching } from '../query/run-query.ts';
import { twinJson, type TwinSurroundings } from '../twins/twin-json.ts';
import type { Configuration, ConfigurationState, ConfigurationTerms } from './configuration.ts';
import { changeOf, desiredOf } from './desired-of.ts';

/** The parts of a hub that its configurations use. */
interface ConfiguredHub extends TwinSurroundings {
  readonly identities: Identities;
  readonly twins: Twins;
  now(): Millis;
  twinOf(deviceId: string): TwinOutcome;
  /** Merges a patch into the desired properties. Returns false if the twin would exceed its limits. */
  desire(deviceId: string, patch: JsonObject): boolean;
}

/** The effect of all configurations on one device. */
interface Effect {
  readonly desired: JsonObject;
  readonly states: Readonly<Record<string, ConfigurationState>>;
  /**
   * Number of writes to the twin at the time of this effect. If the twin has fewer writes now, the hub has created a
   * new twin.
   */
  readonly writes: number;
}

interface Saved {
  readonly configurations: readonly Configuration[];
  readonly effects: readonly (readonly [string, Effect])[];
}

type Outcome = Result<Configuration, HubProblem>;

/** The configurations of a hub. Each sets desired properties on all devices that meet its condition. */
export class Configurations implements Store {
  readonly #hub: ConfiguredHub;
  readonly #configurations = new WatchedMap<Configuration>();
  readonly #effects = new WatchedMap<Effect>();
  readonly parts = { configurations: this.#configurations, effects: this.#effects };
  #writes = 0;

  constructor(hub: ConfiguredHub) {
    this.#hub = hub;
  }

  find(id: string): Configuration | undefined {
    return this.#configurations.get(id);
  }

  /** Returns the configurations in the order of their creation. */
  all(): readonly Configuration[] {
    return [...this.#configurations.values()];
  }

  create(terms: ConfigurationTerms): Outcome {
    if (this.#configurations.has(terms.id)) {
      const sentence = `The configuration '${terms.id}' already exists.`;
      return failedWith(saying(hubProblems.configurationAlreadyExists, sentence));
    }
    if (this.#configurations.size >= configurationLimit) return failedWith(hubProblems.tooManyConfigurations);
    const now = this.#hub.now();
    return this.#keep({ ...terms, etag: this.#etag(), createdAt: now, updatedAt: now });
  }

  /** Updates a configuration, except its content, which is fixed. @param ifMatch an ETag without quotes, or `*`. */
  update(terms: ConfigurationTerms, ifMatch: string): Outcome {
    const former = this.#configurations.get(terms.id);
    if (former === undefined) return failedWith(hubProblems.configurationNotFound);
    if (ifMatch !== '*' && ifMatch !== former.etag) return failedWith(hubProblems.preconditionFailed);
    if (!isDeepStrictEqual(terms.content, former.content)) return failedWith(hubProblems.immutableContent);
    return this.#keep({ ...terms, etag: this.#etag(), createdAt: former.createdAt, updatedAt: this.#hub.now() });
  }

  /**
   * Deletes a configuration. Removes from the twins the properties that no other configuration sets.
   *
   * @param ifMatch an ETag without quotes, or `*`.
   */
  delete(id: string, ifMatch: string): HubProblem | undefined {
    const former = this.#configurations.get(id);
    if (former === undefined) return hubProblems.configurationNotFound;
    if (ifMatch !== '*' && ifMatch !== former.etag) return hubProblems.preconditionFailed;
    this.#configurations.delete(id);
    this.#applyToAll();
    return undefined;
  }

  /** Returns the states of the configurations that target a device, by configuration ID. */
  statesOf(deviceId: string): Readonly<Record<string, ConfigurationState>> {
    return this.#effects.get(deviceId)?.states ?? {};
  }

  /** Returns the number of devices that a configuration targets, and the number of devices that it has changed. */
  counts(id: string): { readonly targeted: number; readonly applied: number } {
    const states = [...this.#effects.values()].flatMap((effect) => effect.states[id] ?? []);
    return { targeted: states.length, applied: states.filter((state) => state === 'Applied').length };
  }

  /**
   * Applies the configurations to one device. Call it after each change of the twin, because the twin may then meet other
   * conditions.
   */
  apply(deviceId: string): void {
    const former = this.#effects.get(deviceId);
    if (this.#configurations.size === 0 && former === undefined) return;
    const identity = this.#hub.identities.find(deviceId);
    const twin = this.#hub.twins.find(deviceId);
    // A configuration that targets devices does not change the twins of their modules.
    if (identity === undefined || identity.moduleId !== undefined || twin === undefined) {
      this.#effects.delete(deviceId);
      return;
    }
    const document = twinJson(twin, identity, this.#hub);
    const targeting = this.all().filter((configuration) => targets(configuration, document));
    const { desired, applied } = desiredOf(targeting);
    const before = former === undefined || twin.writes < former.writes ? {} : former.desired;
    const isChanged = !isDeepStrictEqual(before, desired);
    const isWritten = !isChanged || this.#hub.desire(deviceId, changeOf(before, desired, twin.desired.values));
    const states = targeting.map(({ id }) => [id, isWritten && applied.has(id) ? 'Applied' : 'Targeted'] as const);
    if (targeting.length === 0) {
      this.#effects.delete(deviceId);
      return;
    }
    const writes = this.#hub.twins.find(deviceId)?.writes ?? 0;
    this.#effects.set(deviceId, { desired: isWritten ? desired : before, states: Object.fromEntries(states), writes });
  }

  save(): Saved {
    return { configurations: this.all(), effects: [...this.#effects] };
  }

  load({ configurations, effects }: Saved): void {
    this.#configurations.clear();
    this.#effects.clear();
    for (const configuration of configurations) this.#configurations.set(configuration.id, configuration);
    for (const [deviceId, effect] of effects) this.#effects.set(deviceId, effect);
  }

  #keep(configuration: Configuration): Outcome {
    this.#configurations.set(configuration.id, configuration);
    this.#applyToAll();
    return succeeded(configuration);
  }

  #applyToAll(): void {
    for (const { deviceId } of this.#hub.identities.all()) {
      // Creates the twin if the identity does not have one yet.
      this.#hub.twinOf(deviceId);
      this.apply(deviceId);
    }
  }

  /** Returns an ETag that is never reused, even if a configuration is deleted and created again. */
  #etag(): string {
    this.#writes = Math.max(this.#writes + 1, this.#hub.now());
    return Buffer.from(String(this.#writes)).toString('base64');
  }
}

function targets({ targetCondition, content }: Configuration, document: JsonObject): boolean {
  // The hub stores content for modules, but does not apply it, because conditions select devices only.
  if (targetCondition.trim() === '' || content['moduleContent'] !== undefined) return false;
  const parsed = parseCondition(targetCondition);
  return parsed.ok && matching(parsed.value, [document]).length === 1;
}

/** Maximum number of configurations, as documented for a hub of the standard tier. */
const configurationLimit = 100;
