/** The client of the control API of a lab. If the server refuses a request, the promise rejects with the sentence that the server sent. */
export class ControlClient {
  readonly #token: string;

  constructor(token: string) {
    this.#token = token;
  }

  get<T>(path: string): Promise<T> {
    return this.#json('GET', path);
  }

  post<T>(path: string, body: unknown): Promise<T> {
    return this.#json('POST', path, body);
  }

  remove<T>(path: string): Promise<T> {
    return this.#json('DELETE', path);
  }

  /**
   * Reads the event stream until it ends.
   *
   * @param after ID of the last event that was read; `0` for none.
   * @param onEvent receives ID, name and data of each event.
   */
  async events(
    after: string,
    onEvent: (id: string, name: string, data: unknown) => void,
    signal: AbortSignal,
  ): Promise<void> {
    const silent = new AbortController();
    let alarm = setTimeout(() => silent.abort(), silenceMs);
    try {
      const response = await fetch('/events', {
        headers: { ...this.#headers(), 'Last-Event-ID': after },
        signal: AbortSignal.any([signal, silent.signal]),
      });
      if (!response.ok) throw new Error(await refusalOf(response));
      const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
      let rest = '';
      for (let part = await reader?.read(); part?.done === false; part = await reader?.read()) {
        clearTimeout(alarm);
        alarm = setTimeout(() => silent.abort(), silenceMs);
        const blocks = (rest + part.value).split('\n\n');
        rest = blocks.pop() ?? '';
        for (const block of blocks) readBlock(block, onEvent);
      }
    } finally {
      clearTimeout(alarm);
    }
  }

  async #json<T>(method: string, path: string, body?: unknown): Promise<T> {
    const response = await fetch(path, {
      method,
      headers: { ...this.#headers(), ...(body === undefined ? {} : { 'Content-Type': 'application/json' }) },
      signal: AbortSignal.timeout(answerMs),
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    if (!response.ok) throw new Error(await refusalOf(response));
    const answer: T = await response.json();
    return answer;
  }

  #headers(): Readonly<Record<string, string>> {
    return { Authorization: `Bearer ${this.#token}` };
  }
}

/** Real milliseconds without data after which the connection counts as lost. The lab sends a comment every 15 seconds. */
const silenceMs = 45_000;
const answerMs = 30_000;

async function refusalOf(response: Response): Promise<string> {
  const body: { readonly error?: string } = await response.json();
  return body.error ?? `the lab answered with status ${response.status}`;
}

function readBlock(block: string, onEvent: (id: string, name: string, data: unknown) => void): void {
  const lines = new Map(
    block.split('\n').map((line) => [line.slice(0, line.indexOf(': ')), line.slice(line.indexOf(': ') + 2)]),
  );
  const data = lines.get('data');
  if (data !== undefined) onEvent(lines.get('id') ?? '', lines.get('event') ?? '', JSON.parse(data));
}
