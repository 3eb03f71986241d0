import { fork } from 'node:child_process';
import { join } from 'node:path';
import { root } from '../start.mjs';

/** Real milliseconds that one scenario may take. */
const limitMs = 120_000;

/** Processes that play scenarios, each one at a time. End them with `leave`. */
export class WorkerPool {
  #idle;
  #waiting = [];
  #isDone = false;
  #all = new Set();

  constructor(size) {
    this.#idle = Array.from({ length: size }, () => this.#hire());
  }

  /** Resolves with the answer of the first that has time; with undefined where none came, and the player is replaced. */
  async ask(message) {
    const player = this.#idle.pop() ?? (await new Promise((resolve) => this.#waiting.push(resolve)));
    const answer = await answerOf(player, message);
    if (answer === undefined) player.kill('SIGKILL');
    const next = answer === undefined && !this.#isDone ? this.#hire() : player;
    const waiting = this.#waiting.shift();
    if (waiting === undefined) this.#idle.push(next);
    else waiting(next);
    return answer;
  }

  leave() {
    this.#isDone = true;
    for (const player of this.#all) player.kill('SIGTERM');
  }

  #hire() {
    const player = fork(join(root, 'scripts', 'mutation', 'player.mjs'), {
      cwd: root,
      execArgv: ['--import', import.meta.resolve('tsx/esm')],
    });
    this.#all.add(player);
    player.once('close', () => this.#all.delete(player));
    return player;
  }
}

function answerOf(player, message) {
  return new Promise((resolve) => {
    const end = (answer) => {
      clearTimeout(timer);
      player.off('message', end).off('close', gone);
      resolve(answer);
    };
    const gone = () => end(undefined);
    const timer = setTimeout(gone, limitMs);
    player.once('message', end).once('close', gone);
    player.send(message, (error) => {
      if (error !== null && error !== undefined) gone();
    });
  });
}
