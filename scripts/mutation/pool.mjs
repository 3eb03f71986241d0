import { fork } from 'node:child_process';
import { join } from 'node:path';
import { root } from '../start.mjs';

/** Time limit of one scenario, in real milliseconds. */
const limitMs = 120_000;

/** A pool of worker processes, each of which runs one scenario at a time. `close` ends them. */
export class WorkerPool {
  #idle;
  #waiting = [];
  #isDone = false;
  #all = new Set();

  constructor(size) {
    this.#idle = Array.from({ length: size }, () => this.#startWorker());
  }

  /**
   * Resolves with the answer of the first idle worker. If the worker crashes or exceeds the time limit, resolves with undefined and
   * replaces the worker.
   */
  async ask(message) {
    const worker = this.#idle.pop() ?? (await new Promise((resolve) => this.#waiting.push(resolve)));
    const answer = await answerOf(worker, message);
    if (answer === undefined) worker.kill('SIGKILL');
    const next = answer === undefined && !this.#isDone ? this.#startWorker() : worker;
    const waiting = this.#waiting.shift();
    if (waiting === undefined) this.#idle.push(next);
    else waiting(next);
    return answer;
  }

  close() {
    this.#isDone = true;
    for (const worker of this.#all) worker.kill('SIGTERM');
  }

  #startWorker() {
    const worker = fork(join(root, 'scripts', 'mutation', 'player.mjs'), {
      cwd: root,
      execArgv: ['--import', import.meta.resolve('tsx/esm')],
    });
    this.#all.add(worker);
    worker.once('close', () => this.#all.delete(worker));
    return worker;
  }
}

function answerOf(worker, message) {
  return new Promise((resolve) => {
    const end = (answer) => {
      clearTimeout(timer);
      worker.off('message', end).off('close', gone);
      resolve(answer);
    };
    const gone = () => end(undefined);
    const timer = setTimeout(gone, limitMs);
    worker.once('message', end).once('close', gone);
    worker.send(message, (error) => {
      if (error !== null && error !== undefined) gone();
    });
  });
}
