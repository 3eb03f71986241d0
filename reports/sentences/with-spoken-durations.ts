import { spokenDuration } from '../../core/time/spoken-duration.ts';

/** Writes the ISO 8601 durations of a text in words: `valid for P90D` gives `valid for 90 days`. */
export function withSpokenDurations(text: string): string {
  return text.replaceAll(/\bP(?=[\dT])[\dYMWDTHS.]+\b/g, (duration) => spokenDuration(duration));
}
