import type { Millis } from '../../../core/time/clock.ts';
import type { JsonObject } from '../../../core/wire/enrollment.ts';

/** A configuration (automatic device management) as the back end writes it. */
export interface ConfigurationTerms {
  readonly id: string;
  /** `deviceContent`, `moduleContent` or `modulesContent`, as JSON. */
  readonly content: JsonObject;
  /** The condition after WHERE; `*` selects every device, empty selects no device. */
  readonly targetCondition: string;
  /** If configurations conflict, the highest priority wins. */
  readonly priority: number;
  readonly labels?: JsonObject | undefined;
  /** Queries by metric name. */
  readonly metrics: Readonly<Record<string, string>>;
}

export interface Configuration extends ConfigurationTerms {
  /** Unquoted: base64 of a counter. */
  readonly etag: string;
  readonly createdAt: Millis;
  readonly updatedAt: Millis;
}

/**
 * The state of a configuration for one device: `Targeted` if the device meets the condition, `Applied` if the hub also changed its
 * twin.
 */
export type ConfigurationState = 'Targeted' | 'Applied';
