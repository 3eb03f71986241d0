import type { Breakpoints, Pace } from '../../studio-api.ts';

const day = 86_400_000;

/** The paces of virtual time, in the order of the menu. */
export const paces = [
  { word: 'event', name: '1 event per second', pace: { kind: 'by-event', millisPerEvent: 1200 } },
  { word: 'slow', name: '1 event in 3 seconds', pace: { kind: 'by-event', millisPerEvent: 3000 } },
  { word: 'step', name: 'step by step', pace: { kind: 'step-by-step' } },
  { word: 'day', name: '1 day per second', pace: { kind: 'by-time', millisPerSecond: day } },
  { word: 'week', name: '1 week per second', pace: { kind: 'by-time', millisPerSecond: 7 * day } },
  { word: 'month', name: '1 month per second', pace: { kind: 'by-time', millisPerSecond: 30 * day } },
  { word: 'year', name: '1 year per second', pace: { kind: 'by-time', millisPerSecond: 365 * day } },
  { word: 'once', name: 'without pauses', pace: { kind: 'at-once' } },
] as const satisfies readonly { readonly word: string; readonly name: string; readonly pace: Pace }[];

export const noBreakpoints: Breakpoints = { parties: [], checks: [], steps: [] };
