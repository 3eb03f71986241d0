import { request } from 'node:http';
import type { FeedLine, PlayState, PlaySummary } from '../../../reports/html/studio-api.ts';
import { startInline, type Files, type Outcome, type Started } from '../run-inline.ts';
import { startWarm, type WarmStarted } from '../warm/warm-command.ts';

/** A running `rehearse studio` command that has printed its addresses. */
export interface RunningStudio extends Omit<Started, 'child'> {
  readonly url: string;
  readonly token: string;
  readonly audienceToken: string;
  /** Calls the API with the token of the presenter, or with another token. */
  ask(method: string, path: string, body?: unknown, token?: string): Promise<Answer>;
  /** Reads the feed of a play until `isThere` returns true for its state. */
  until(play: number, isThere: (state: PlayState) => boolean, token?: string): Promise<readonly FeedLine[]>;
  end(signal?: NodeJS.Signals): Promise<Outcome>;
}

interface Answer {
  readonly status: number;
  // oxlint-disable-next-line typescript/no-explicit-any -- JSON of many shapes; each test knows the shape that it reads.
  readonly body: any;
}

const words = ['studio', '--json', '.'];

/**
 * Starts the studio on a free port with the files of the test, in a process that stays for the next command (test/cli/warm). The studio
 * ends at the end of the test.
 */
export function startStudio(files: Files, options: readonly string[] = []): Promise<RunningStudio> {
  return running(startWarm(files, [...words, ...options]));
}

/** Starts the studio in its own process, for a test that examines the process. */
export async function startStudioProcess(files: Files): Promise<RunningStudio & Pick<Started, 'child'>> {
  const started = startInline(files, words);
  const { child } = started;
  return { ...(await running({ ...started, signal: (name) => void child.kill(name) })), child };
}

async function running(started: WarmStarted): Promise<RunningStudio> {
  const told: { readonly page: string; readonly audience: string } = JSON.parse(await started.printed('\n'));
  const { origin: url, hash } = new URL(told.page);
  const token = hash.replace('#token=', '');
  const audienceToken = new URL(told.audience).hash.replace('#audience=', '');
  const ask = async (method: string, path: string, body?: unknown, as = token): Promise<Answer> => {
    const response = await fetch(`${url}/api/${path}`, {
      method,
      headers: { Authorization: `Bearer ${as}`, 'Content-Type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    return { status: response.status, body: await response.json() };
  };
  return {
    ...started,
    url,
    token,
    audienceToken,
    ask,
    until: (play, isThere, as = token) => followed(url, as, play, isThere),
    end: (signal = 'SIGTERM') => {
      started.signal(signal);
      return started.ended;
    },
  };
}

async function followed(
  url: string,
  token: string,
  play: number,
  isThere: (state: PlayState) => boolean,
): Promise<readonly FeedLine[]> {
  const abort = new AbortController();
  const response = await fetch(`${url}/api/plays/${play}/feed`, {
    headers: { Authorization: `Bearer ${token}` },
    signal: abort.signal,
  });
  const lines: FeedLine[] = [];
  let rest = '';
  for await (const part of response.body?.pipeThrough(new TextDecoderStream()) ?? []) {
    const texts = (rest + part).split('\n');
    rest = texts.pop() ?? '';
    for (const text of texts) {
      const line: FeedLine = JSON.parse(text);
      lines.push(line);
      if (line.kind === 'state' && isThere(line.state)) {
        abort.abort();
        return lines;
      }
    }
  }
  throw new Error(`the play ended before that: ${JSON.stringify(lines.at(-1))}`);
}

/** Sends a request with headers that `fetch` does not permit, and returns its status. */
export function rawStatus(
  url: string,
  headers: Readonly<Record<string, string>>,
  {
    method = 'GET',
    path = '/api/files',
    body = '',
  }: { readonly method?: string; readonly path?: string; readonly body?: string } = {},
): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    request(`${url}${path}`, { method, headers }, (response) => {
      response.resume();
      resolve(response.statusCode);
    })
      .on('error', reject)
      .end(body);
  });
}

/** Starts a play. */
export function begun(answer: Answer): PlaySummary {
  if (answer.status !== 200) throw new Error(`${answer.status}: ${JSON.stringify(answer.body)}`);
  return answer.body as PlaySummary;
}
