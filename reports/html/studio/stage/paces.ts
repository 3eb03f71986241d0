import type { Breakpoints, Pace } from '../../studio-api.ts';

const day = 86_400_000;

/** How fast virtual time may go by, in the order in which they are offered. */
export const paces = [
  { word: 'step', name: 'step by step', pace: { kind: 'step-by-step' } },
  { word: 'day', name: 'a day a second', pace: { kind: 'by-time', millisPerSecond: day } },
  { word: 'week', name: 'a week a second', pace: { kind: 'by-time', millisPerSecond: 7 * day } },
  { word: 'month', name: 'a month a second', pace: { kind: 'by-time', millisPerSecond: 30 * day } },
  { word: 'year', name: 'a year a second', pace: { kind: 'by-time', millisPerSecond: 365 * day } },
  { word: 'once', name: 'at once', pace: { kind: 'at-once' } },
] as const satisfies readonly { readonly word: string; readonly name: string; readonly pace: Pace }[];

export const noBreakpoints: Breakpoints = { parties: [], checks: [], steps: [] };
