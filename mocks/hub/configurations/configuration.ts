import type { Millis } from '../../../core/time/clock.ts';
import type { JsonObject } from '../../../core/wire/enrollment.ts';

/** A configuration for automatic device management, as the back end sends it. */
export interface ConfigurationTerms {
  readonly id: string;
  /** `deviceContent`, `moduleContent` or `modulesContent`, as JSON. */
  readonly content: JsonObject;
  /** The condition as it follows WHERE. `*` selects every device; an empty text selects no device. */
  readonly targetCondition: string;
  /** If several configurations set the same property, the configuration with the highest priority wins. */
  readonly priority: number;
  readonly labels?: JsonObject | undefined;
  /** The query of each metric, by the name of the metric. */
  readonly metrics: Readonly<Record<string, string>>;
}

export interface Configuration extends ConfigurationTerms {
  /** ETag without quotes: base64 of a counter. */
  readonly etag: string;
  readonly createdAt: Millis;
  readonly updatedAt: Millis;
}

/**
 * The state of a configuration for one device: `Targeted` if the device meets the condition, `Applied` if the hub also changed its
 * twin.
 */
export type ConfigurationState = 'Targeted' | 'Applied';
