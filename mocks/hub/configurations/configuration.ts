import type { Millis } from '../../../core/time/clock.ts';
import type { JsonObject } from '../../../core/wire/enrollment.ts';

/** What the service side says about a configuration (automatic device management). */
export interface ConfigurationTerms {
  readonly id: string;
  /** `deviceContent`, `moduleContent` or `modulesContent`, as JSON. */
  readonly content: JsonObject;
  /** What follows WHERE; `*` for every device, empty for none. */
  readonly targetCondition: string;
  /** The highest wins. */
  readonly priority: number;
  readonly labels?: JsonObject | undefined;
  /** Queries by the name of their metric. */
  readonly metrics: Readonly<Record<string, string>>;
}

export interface Configuration extends ConfigurationTerms {
  /** Unquoted: base64 of a counter. */
  readonly etag: string;
  readonly createdAt: Millis;
  readonly updatedAt: Millis;
}

/** Whether a configuration has changed the twin of a device, or only aims at it. */
export type ConfigurationState = 'Targeted' | 'Applied';
