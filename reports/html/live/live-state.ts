import type { LiveDecision, LiveEntry } from '../live-api.ts';

/** A device that the lab judged, with its newest decisions. */
export interface LiveDevice {
  readonly name: string;
  /** The newest result of the device: a decision, an assignment or an error. */
  readonly last: LiveEntry;
  /** At most 20 decisions, the oldest first. */
  readonly decisions: readonly LiveDecision[];
}

/** The devices and the newest log lines of a lab. */
export interface LiveState {
  /** The device with the newest result comes first. */
  readonly devices: readonly LiveDevice[];
  /** At most 200 log lines, the newest first. */
  readonly lines: readonly LiveEntry[];
}

export const nothingYet: LiveState = { devices: [], lines: [] };

/** Adds a log line. A line about a device becomes the last result of this device. */
export function withEntry({ devices, lines }: LiveState, entry: LiveEntry): LiveState {
  const newLines = [entry, ...lines].slice(0, lineLimit);
  const { subject } = entry;
  if (subject === undefined || !['decision', 'assigned', 'answer'].includes(entry.kind))
    return { devices, lines: newLines };
  const before = devices.find(({ name }) => isSame(name, subject));
  const device = { name: before?.name ?? subject, last: entry, decisions: before?.decisions ?? [] };
  return { devices: [device, ...devices.filter((one) => one !== before)].slice(0, deviceLimit), lines: newLines };
}

/** Adds a decision to the device that it is about. The log line of the decision follows later. */
export function withDecision(state: LiveState, decision: LiveDecision): LiveState {
  const { subject, at } = decision;
  const before = state.devices.find(({ name }) => isSame(name, subject));
  const decisions = [...(before?.decisions ?? []), decision].slice(-decisionLimit);
  const device = { name: subject, last: { at, kind: 'pending', sentence: '' }, ...before, decisions };
  return { ...state, devices: [device, ...state.devices.filter((one) => one !== before)].slice(0, deviceLimit) };
}

/** Compares registration IDs, which are not case-sensitive. */
function isSame(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase();
}

const lineLimit = 200;
const deviceLimit = 500;
const decisionLimit = 20;
