import { stripVTControlCharacters } from 'node:util';
import type { FullConfig, Reporter, Suite, TestCase, TestError, TestResult } from '@playwright/test/reporter';
import { defined } from '../../core/defined.ts';

/** A message of the Playwright process to `rehearse run`, over the IPC channel between them. */
export type PlaybackMessage =
  /** IDs of the scenarios of this shard. */
  | { readonly kind: 'begun'; readonly ids: readonly string[] }
  | { readonly kind: 'scenario-started'; readonly id: string; readonly workerIndex: number }
  | {
      readonly kind: 'scenario-ended';
      readonly id: string;
      /** 0 for the first attempt. */
      readonly retry: number;
      readonly willRetry: boolean;
      readonly end: 'completed' | 'timed-out' | 'interrupted' | 'crashed';
      /** Absent if the scenario wrote no run.json. */
      readonly runFile?: string;
      readonly error?: string;
      readonly wallMs: number;
    }
  /** An error outside any scenario. */
  | { readonly kind: 'trouble'; readonly sentence: string }
  /** Output of a worker process, which our code never prints. */
  | { readonly kind: 'printed'; readonly text: string }
  | { readonly kind: 'ended' };

/** Sends the events of Playwright to `rehearse run`. It decides nothing: the verdicts are in the run.json files. */
export default class PlaybackReporter implements Reporter {
  onBegin(_config: FullConfig, suite: Suite): void {
    void send({ kind: 'begun', ids: suite.allTests().map(idOf) });
  }

  onTestBegin(test: TestCase, result: TestResult): void {
    void send({ kind: 'scenario-started', id: idOf(test), workerIndex: result.workerIndex });
  }

  onTestEnd(test: TestCase, result: TestResult): void {
    const runFile = result.attachments.find((attachment) => attachment.name === 'run')?.path;
    const error = textOf(result.error);
    const isSettled = result.status === 'passed' || result.status === 'skipped' || result.status === 'interrupted';
    void send({
      kind: 'scenario-ended',
      id: idOf(test),
      retry: result.retry,
      willRetry: !isSettled && result.retry < test.retries,
      end: endOf(result, runFile),
      wallMs: result.duration,
      ...defined({ runFile, error }),
    });
  }

  onError(error: TestError): void {
    void send({ kind: 'trouble', sentence: textOf(error) ?? 'an error without a message' });
  }

  onStdOut(chunk: string | Buffer): void {
    void send({ kind: 'printed', text: chunk.toString() });
  }

  onStdErr(chunk: string | Buffer): void {
    void send({ kind: 'printed', text: chunk.toString() });
  }

  async onEnd(): Promise<void> {
    await send({ kind: 'ended' });
  }
}

function idOf(test: TestCase): string {
  return test.annotations.find((annotation) => annotation.type === 'id')?.description ?? test.title;
}

function endOf(result: TestResult, runFile: string | undefined): (PlaybackMessage & { kind: 'scenario-ended' })['end'] {
  if (result.status === 'timedOut') return 'timed-out';
  if (result.status === 'interrupted') return 'interrupted';
  return runFile === undefined ? 'crashed' : 'completed';
}

function textOf(error: TestError | undefined): string | undefined {
  const text = error?.stack ?? error?.message ?? error?.value;
  return text === undefined ? undefined : stripVTControlCharacters(text);
}

/** Resolves when the message was sent. If the parent is gone, end-with-parent.ts ends this process. */
function send(message: PlaybackMessage): Promise<void> {
  return new Promise((sent) => {
    if (process.send === undefined || !process.connected) return sent();
    process.send(message, () => sent());
  });
}
