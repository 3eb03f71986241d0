import { failed, type Result, done } from '../../core/result.ts';
import { whyNoBrowser } from './why-no-browser.ts';

/** Opens a file or an address in the default browser. Fails in CI, without a terminal, and without a display. */
export async function openInBrowser(target: string): Promise<Result<undefined>> {
  const { stdout, env, platform } = process;
  const why = whyNoBrowser({ stdout, env, platform });
  if (why !== undefined) return failed('no-browser', why);
  const { default: open } = await import('open');
  try {
    await open(target);
    return done;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return failed('no-opener', `the program that opens a browser did not start (${reason})`);
  }
}
