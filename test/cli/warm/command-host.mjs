// Runs `rehearse` commands one after another for warm-command.ts. This process runs a command as cli/rehearse.mjs does, in the folder of
// the command and with captured output. Reading the bundle is most of the work of a short command, and this process reads the bundle only
// once.
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { bundled } from '../../../cli/bundle/bundle.mjs';

const root = join(import.meta.dirname, '..', '..', '..');

process.on('message', ({ signal, command }) => {
  if (signal === undefined) void perform(command).then((end) => process.send(end));
  else process.emit(signal, signal);
});
process.on('disconnect', () => process.exit());

/** Runs a command. `failure` is the stack of an error that the command did not report. */
async function perform({ folder, args, env }) {
  const restore = keep();
  process.chdir(folder);
  Object.assign(process.env, env);
  for (const name of ['stdout', 'stderr']) process[name].write = passingOn(name);
  process.exitCode = undefined;
  try {
    // If a source has changed, `bundled` returns the folder of another bundle (bundle.mjs).
    const { main } = await import(pathToFileURL(join(await bundled(root), 'main.js')).href);
    await Promise.race([main([process.execPath, 'rehearse', ...args]), exitCalled()]);
    return { exitCode: process.exitCode ?? 0 };
  } catch (error) {
    return { failure: error?.stack ?? String(error) };
  } finally {
    restore();
  }
}

/**
 * Rejects if the command calls `process.exit`. Such a command can leave timers and listeners in this process, which would affect the next
 * command.
 */
function exitCalled() {
  return new Promise((_, reject) => {
    process.exit = (code) => {
      const error = new Error(`process.exit(${code}) was called; run this command in its own process (run-inline.ts)`);
      reject(error);
      throw error;
    };
  });
}

/**
 * Returns a function that restores the process after a command: the variables, listeners and functions that the command or this file
 * changed.
 */
function keep() {
  const exit = process.exit.bind(process);
  const variables = { ...process.env };
  const kept = [process, process.stdout, process.stderr].map((emitter) => ({
    emitter,
    write: emitter.write,
    listeners: new Map(emitter.eventNames().map((name) => [name, emitter.rawListeners(name)])),
  }));
  return () => {
    process.exit = exit;
    process.exitCode = undefined;
    // Some commands release the channel so that it does not keep their process alive. This process must stay alive for the next command.
    process.channel?.ref();
    process.chdir(root);
    for (const name of Object.keys(process.env)) if (!(name in variables)) delete process.env[name];
    Object.assign(process.env, variables);
    for (const { emitter, write, listeners } of kept) {
      if (write !== undefined) emitter.write = write;
      for (const name of emitter.eventNames()) {
        const added = emitter.rawListeners(name).filter((listener) => !listeners.get(name)?.includes(listener));
        for (const listener of added) emitter.off(name, listener);
      }
    }
  };
}

/** Returns a `write` of a stream that sends the text to the test. */
function passingOn(name) {
  return (text, encoding, done = encoding) => {
    process.send({ stream: name, text: String(text) }, typeof done === 'function' ? done : undefined);
    return true;
  };
}
