import { text } from 'node:stream/consumers';
import { controlRequest } from './control-request.ts';
import type { LabDecision, LabEvent } from './lab.ts';
import { readEventStream } from './read-event-stream.ts';

/** A client of the control API of a lab. Each call takes 30 seconds at most. */
export class LabControl {
  readonly #url: string;
  readonly #token: string;

  constructor(url: string, token: string) {
    this.#url = url;
    this.#token = token;
  }

  async now(): Promise<string> {
    return (await this.#call<{ readonly now: string }>('GET', '/clock')).now;
  }

  async advance(by: string): Promise<string> {
    return (await this.#call<{ readonly now: string }>('POST', '/clock/advance', { by })).now;
  }

  async orderFault(fault: object): Promise<string> {
    return (await this.#call<{ readonly id: string }>('POST', '/faults', fault)).id;
  }

  async removeFaults(id: string | undefined): Promise<void> {
    await this.#call('DELETE', id === undefined ? '/faults' : `/faults/${encodeURIComponent(id)}`);
  }

  async events(registrationId: string | undefined): Promise<readonly LabEvent[]> {
    const query = registrationId === undefined ? '' : `?registrationId=${encodeURIComponent(registrationId)}`;
    return (await this.#call<{ readonly events: readonly LabEvent[] }>('GET', `/history${query}`)).events;
  }

  async decisions(registrationId: string | undefined): Promise<readonly LabDecision[]> {
    const events = await this.events(registrationId);
    return events.filter(({ kind }) => kind === 'decision') as unknown as readonly LabDecision[];
  }

  async *watch(signal: AbortSignal | undefined): AsyncGenerator<LabEvent, void, undefined> {
    const left = new AbortController();
    const signals = signal === undefined ? [left.signal] : [left.signal, signal];
    try {
      const response = await controlRequest(`${this.#url}/events`, {
        method: 'GET',
        headers: { Authorization: `Bearer ${this.#token}`, 'Last-Event-ID': '0' },
        signal: AbortSignal.any(signals),
      });
      if (response.statusCode !== 200)
        throw new Error(`the lab answered GET /events with status ${response.statusCode}`);
      for await (const { event, data } of readEventStream(response)) {
        if (event === 'history') yield JSON.parse(data) as LabEvent;
      }
    } catch (error) {
      if (signal?.aborted !== true) throw error;
    } finally {
      // Ends the request if the caller leaves its loop over the events.
      left.abort();
    }
  }

  async waitFor(isWanted: (event: LabEvent) => boolean, timeoutMs = 10_000): Promise<LabEvent> {
    for await (const event of this.watch(AbortSignal.timeout(timeoutMs))) if (isWanted(event)) return event;
    throw new Error(
      `within ${timeoutMs} ms the lab recorded no event for which isWanted returns true; lab.events() returns the recorded events`,
    );
  }

  async #call<Answer>(method: string, path: string, body?: object): Promise<Answer> {
    const response = await controlRequest(`${this.#url}${path}`, {
      method,
      headers: { Authorization: `Bearer ${this.#token}` },
      signal: AbortSignal.timeout(callLimitMs),
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const { statusCode = 0 } = response;
    const answer = JSON.parse(await text(response)) as Answer & { readonly error?: string };
    if (statusCode >= 300)
      throw new Error(`the lab refused ${method} ${path}: ${answer.error ?? `status ${statusCode}`}`);
    return answer;
  }
}

/** Real milliseconds. */
const callLimitMs = 30_000;
