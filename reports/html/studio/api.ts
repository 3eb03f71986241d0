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
  OfferAnswer,
  OfferRequest,
  PlayRequest,
  PlayState,
  PlaySummary,
  SaveRequest,
  StudioFiles,
  StudioConsole,
  StudioText,
} from '../studio-api.ts';

/** The client of the studio API. If the server refuses a request, the promise rejects with the sentence that the server sent. */
export class Api {
  readonly #token: string;

  constructor(token: string) {
    this.#token = token;
  }

  files = (): Promise<StudioFiles> => this.#get('files');
  text = (file: string): Promise<StudioText> => this.#get(`text?file=${encodeURIComponent(file)}`);
  check = (request: CheckRequest): Promise<Checked> => this.#post('check', request);
  choose = (request: ChooseRequest): Promise<{ readonly text: string }> => this.#post('choose', request);
  offer = (request: OfferRequest): Promise<OfferAnswer> => this.#post('offer', request);
  complete = (request: CompleteRequest): Promise<Completed> => this.#post('complete', request);
  save = (request: SaveRequest): Promise<{ readonly digest: string }> => this.#post('save', request);
  plays = (): Promise<{ readonly plays: readonly PlaySummary[] }> => this.#get('plays');
  play = (play: number): Promise<PlaySummary> => this.#get(`plays/${play}`);
  begin = (request: PlayRequest): Promise<PlaySummary> => this.#post('plays', request);
  order = (play: number, request: DoRequest): Promise<PlayState> => this.#post(`plays/${play}/do`, request);
  attackerConsole = (play: number): Promise<StudioConsole> => this.#get(`plays/${play}/seat`);
  act = (play: number, step: unknown): Promise<ActAnswer> => this.#post(`plays/${play}/act`, { step });
  run = (play: number): Promise<Run> => this.#get(`plays/${play}/run`);
  audience = (): Promise<Audience> => this.#get('audience');
  show = (request: Partial<Audience>): Promise<Audience> => this.#post('audience', request);

  /** Reads the events of a play, starting with number `from`, until the play ends or `signal` aborts. */
  async feed(play: number, from: number, onLine: (line: FeedLine) => void, signal: AbortSignal): Promise<void> {
    const response = await this.#fetch('GET', `plays/${play}/feed?from=${from}`, undefined, signal);
    const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
    let rest = '';
    for (;;) {
      const read = await reader?.read().catch((error: unknown) => {
        if (signal.aborted) throw error;
        throw new Error(noResponse, { cause: error });
      });
      if (read === undefined || read.done) return;
      const lines = (rest + read.value).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) onLine(JSON.parse(line) as FeedLine);
    }
  }

  async #get<T>(path: string): Promise<T> {
    const response = await this.#fetch('GET', path);
    const answer: T = await response.json();
    return answer;
  }

  async #post<T>(path: string, body: object): Promise<T> {
    const response = await this.#fetch('POST', path, body);
    const answer: T = await response.json();
    return answer;
  }

  async #fetch(method: string, path: string, body?: object, signal?: AbortSignal): Promise<Response> {
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
      throw new Error(noResponse, { cause: error });
    });
    if (response.ok) return response;
    const answer: unknown = await response.json().catch(() => undefined);
    const sentence =
      typeof answer === 'object' && answer !== null && 'error' in answer ? String(answer.error) : undefined;
    throw new Error(sentence ?? `the studio answers with status ${response.status}`);
  }
}

const noResponse = 'the studio does not respond; check that the command `rehearse studio` is still running';
