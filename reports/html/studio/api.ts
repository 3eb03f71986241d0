import { defined } from '../../../core/defined.ts';
import type { Run } from '../../../core/run/run.ts';
import type {
  ActAnswer,
  Audience,
  Checked,
  CheckRequest,
  ChooseRequest,
  Completed,
  CompleteRequest,
  DoRequest,
  FeedLine,
  PlayRequest,
  PlayState,
  PlaySummary,
  SaveRequest,
  StudioFiles,
  StudioConsole,
  StudioText,
} from '../studio-api.ts';

/** The server's half of the studio, as the page asks for it. A refusal rejects with the server's sentence. */
export class Api {
  readonly #token: string;

  constructor(token: string) {
    this.#token = token;
  }

  files = (): Promise<StudioFiles> => this.#get('files');
  text = (file: string): Promise<StudioText> => this.#get(`text?file=${encodeURIComponent(file)}`);
  check = (asked: CheckRequest): Promise<Checked> => this.#post('check', asked);
  choose = (asked: ChooseRequest): Promise<{ readonly text: string }> => this.#post('choose', asked);
  complete = (asked: CompleteRequest): Promise<Completed> => this.#post('complete', asked);
  save = (asked: SaveRequest): Promise<{ readonly digest: string }> => this.#post('save', asked);
  plays = (): Promise<{ readonly plays: readonly PlaySummary[] }> => this.#get('plays');
  play = (play: number): Promise<PlaySummary> => this.#get(`plays/${play}`);
  begin = (asked: PlayRequest): Promise<PlaySummary> => this.#post('plays', asked);
  order = (play: number, asked: DoRequest): Promise<PlayState> => this.#post(`plays/${play}/do`, asked);
  seat = (play: number): Promise<StudioConsole> => this.#get(`plays/${play}/seat`);
  act = (play: number, step: unknown): Promise<ActAnswer> => this.#post(`plays/${play}/act`, { step });
  run = (play: number): Promise<Run> => this.#get(`plays/${play}/run`);
  audience = (): Promise<Audience> => this.#get('audience');
  show = (asked: Partial<Audience>): Promise<Audience> => this.#post('audience', asked);

  /** Reads what happens in a play, from an event on, until it is over or `signal` ends it. */
  async feed(play: number, from: number, onLine: (line: FeedLine) => void, signal: AbortSignal): Promise<void> {
    const response = await this.#ask('GET', `plays/${play}/feed?from=${from}`, undefined, signal);
    const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
    let rest = '';
    for (;;) {
      const read = await reader?.read().catch((error: unknown) => {
        if (signal.aborted) throw error;
        throw new Error(notThere, { cause: error });
      });
      if (read === undefined || read.done) return;
      const lines = (rest + read.value).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) onLine(JSON.parse(line) as FeedLine);
    }
  }

  async #get<T>(path: string): Promise<T> {
    const response = await this.#ask('GET', path);
    const answer: T = await response.json();
    return answer;
  }

  async #post<T>(path: string, body: object): Promise<T> {
    const response = await this.#ask('POST', path, body);
    const answer: T = await response.json();
    return answer;
  }

  async #ask(method: string, path: string, body?: object, signal?: AbortSignal): Promise<Response> {
    const response = await fetch(`/api/${path}`, {
      method,
      headers: {
        Authorization: `Bearer ${this.#token}`,
        ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      ...defined({ signal }),
    }).catch((error: unknown) => {
      if (signal?.aborted === true) throw error;
      throw new Error(notThere, { cause: error });
    });
    if (response.ok) return response;
    const told: unknown = await response.json().catch(() => undefined);
    const sentence = typeof told === 'object' && told !== null && 'error' in told ? String(told.error) : undefined;
    throw new Error(sentence ?? `the studio answers ${response.status}`);
  }
}

const notThere = 'the studio does not answer; is the command that opened it still running?';
