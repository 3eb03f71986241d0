import { spokenDuration } from '../../core/time/spoken-duration.ts';

/** Replaces the ISO 8601 durations in a text by words: `valid for P90D` becomes `valid for 90 days`. */
export function withSpokenDurations(text: string): string {
  return text.replaceAll(/\bP(?=[\dT])[\dYMWDTHS.]+\b/g, (duration) => spokenDuration(duration));
}
