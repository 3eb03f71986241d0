// A small process that starts programs for a large one. To start a program, Node copies all page tables of the starting process. Afterwards
// the kernel copies each page that this process writes to. This takes tens of milliseconds in a process of hundreds of megabytes, and a few
// in a small one. The file is plain JavaScript, so that it needs no loader.
import { spawn } from 'node:child_process';

/** Running programs, by the number that the large process gave them. */
const tools = new Map();

process.on('message', (message) => {
  if (message.kind === 'start') return start(message);
  const tool = tools.get(message.id);
  if (tool === undefined) return;
  if (message.kind === 'kill') tool.kill('SIGKILL');
  else if (message.kind === 'end') tool.stdio[message.stream]?.end();
  else tool.stdio[message.stream]?.write(message.bytes);
});

// The large process has ended. No other process would end the programs.
process.on('disconnect', () => {
  for (const tool of tools.values()) tool.kill('SIGKILL');
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
