// A small process that starts programs for a large one. To start a program, Node copies the page tables of the process
// that asks, and each page that this process then writes to is copied once more: tens of milliseconds where it holds
// hundreds of megabytes, a few where it holds as little as this one. Plain JavaScript, so that nothing has to be loaded.
import { spawn } from 'node:child_process';

/** By the number that the large process gave them. */
const tools = new Map();

process.on('message', (message) => {
  if (message.kind === 'start') return start(message);
  const tool = tools.get(message.id);
  if (tool === undefined) return;
  if (message.kind === 'kill') tool.kill('SIGKILL');
  else if (message.kind === 'end') tool.stdio[message.stream]?.end();
  else tool.stdio[message.stream]?.write(message.bytes);
});

// Whoever asked is gone, and nobody else knows of what was started.
process.on('disconnect', () => {
  for (const tool of tools.values()) tool.kill('SIGKILL');
  process.exit();
});

/** What is said here and there: tool.ts. */
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
    // A program that no longer reads has ended or will, which 'close' tells.
    pipe?.on('error', () => {});
  }
  tool.once('close', (code, signal) => {
    tools.delete(id);
    tell({ kind: 'closed', code, signal });
  });
}
