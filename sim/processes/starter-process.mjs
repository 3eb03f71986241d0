// A small process that starts programs for a large one. To start a program, Node copies all page tables of the starting process. Afterwards
// the kernel copies each page to which the starting process writes. The copies take tens of milliseconds in a process of hundreds of
// megabytes, and a few milliseconds in a small process. The file is plain JavaScript, so that it needs no loader.
import { spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';

/** Running programs, by the number that the large process gave them. */
const tools = new Map();
/** Running programs with their own process group, by number: the child and the mark in the environment of its descendants. */
const groups = new Map();

process.on('message', (message) => {
  if (message.kind === 'start') return start(message);
  if (message.kind === 'start-group') return startGroup(message);
  if (message.kind === 'flush-group') return flush(message.id);
  if (message.kind === 'signal-group') return signalGroup(groups.get(message.id), message.signal);
  const tool = tools.get(message.id);
  if (tool === undefined) return;
  if (message.kind === 'kill') tool.kill('SIGKILL');
  else if (message.kind === 'end') tool.stdio[message.stream]?.end();
  else tool.stdio[message.stream]?.write(message.bytes);
});

// The large process has ended, so only this process can still end the programs.
process.on('disconnect', () => {
  for (const tool of tools.values()) tool.kill('SIGKILL');
  for (const group of groups.values()) killGroup(group);
  process.exit();
});

/** Starts a program. The types of the messages are in tool.ts. */
function start({ id, program, words, environment, stdio }) {
  const tool = spawn(program, words, { stdio, env: environment });
  const tell = (message) => process.connected && process.send({ id, ...message }, () => {});
  tools.set(id, tool);
  tool.once('spawn', () => tell({ kind: 'started' }));
  tool.once('error', ({ code, message }) => {
    tools.delete(id);
    tell({ kind: 'not-started', code, sentence: message });
  });
  for (const [stream, pipe] of tool.stdio.entries()) {
    pipe?.on('data', (bytes) => tell({ kind: 'bytes', stream, bytes }));
    // A write fails if the program has ended or will end soon. The event 'close' reports that end.
    pipe?.on('error', () => {});
  }
  tool.once('close', (code, signal) => {
    tools.delete(id);
    tell({ kind: 'closed', code, signal });
  });
}

/**
 * Starts a program of the user in its own process group. Forwards at most `outputLimit` bytes of each stream and drops the rest, so
 * that the program cannot fill the memory of the large process. The types of the messages are in start-program.ts.
 */
function startGroup({ id, program, words, environment, folder, outputLimit, mark }) {
  const child = spawn(program, words, {
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: environment,
    cwd: folder,
  });
  const tell = (message) => process.connected && process.send({ id, ...message }, () => {});
  const group = { child, mark };
  groups.set(id, group);
  child.once('spawn', () => tell({ kind: 'group-started', pid: child.pid }));
  child.once('error', ({ code, message }) => {
    if (child.pid !== undefined) return;
    groups.delete(id);
    tell({ kind: 'group-not-started', code, sentence: message });
  });
  let droppedBytes = 0;
  for (const stream of ['stdout', 'stderr']) {
    let left = outputLimit;
    child[stream].on('data', (bytes) => {
      const forwarded = bytes.subarray(0, left);
      left -= forwarded.length;
      droppedBytes += bytes.length - forwarded.length;
      if (forwarded.length > 0) tell({ kind: 'group-bytes', stream, bytes: forwarded });
    });
    child[stream].on('error', () => {});
  }
  let leftBehind = 0;
  // The group ends with its first process. A remaining process of the group would keep the streams open.
  child.once('exit', () => {
    leftBehind = killGroup(group);
  });
  child.once('close', (code, signal) => {
    groups.delete(id);
    tell({ kind: 'group-ended', code, signal, leftBehind, droppedBytes });
  });
}

/** Sends `group-flushed` when all output that was readable at the request has been forwarded. */
function flush(id) {
  // The first turn of the event loop may have begun before the output arrived. The second turn reads this output.
  setImmediate(() => setImmediate(() => process.connected && process.send({ id, kind: 'group-flushed' }, () => {})));
}

function signalGroup(group, signal) {
  if (group === undefined) return;
  if (signal === 'SIGKILL') killGroup(group);
  else send(-group.child.pid, signal);
}

/**
 * Kills the processes of a group, and those that left the group but have its mark in their environment. Returns the number of processes
 * with the mark, without the first process of the group.
 */
function killGroup({ child, mark }) {
  const found = new Set();
  // A process can start further processes during the search, so the search ends only when it finds no new process.
  for (let round = 0; round < searchesAtMost; round++) {
    const marked = markedProcesses(mark).filter((pid) => pid !== child.pid);
    send(-child.pid, 'SIGKILL');
    for (const pid of marked) send(pid, 'SIGKILL');
    if (marked.every((pid) => found.has(pid))) break;
    for (const pid of marked) found.add(pid);
  }
  return found.size;
}

const searchesAtMost = 50;

/** Returns the IDs of all processes whose environment has the mark. Returns none on a system without /proc. */
function markedProcesses(mark) {
  try {
    return readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name) && environmentOf(name).includes(mark))
      .map(Number);
  } catch {
    return [];
  }
}

function environmentOf(pid) {
  try {
    return readFileSync(`/proc/${pid}/environ`, 'latin1');
  } catch {
    return '';
  }
}

function send(pid, signal) {
  try {
    process.kill(pid, signal);
  } catch {
    // The process has already ended, so it needs no signal.
  }
}
