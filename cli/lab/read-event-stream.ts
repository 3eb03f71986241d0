/** A server-sent event. */
export interface ServerSentEvent {
  readonly event: string;
  readonly data: string;
}

/** Yields the events of a stream of server-sent events (WHATWG HTML, 9.2.6) whose lines end with LF. */
export async function* readEventStream(body: AsyncIterable<Uint8Array>): AsyncGenerator<ServerSentEvent> {
  const decoder = new TextDecoder();
  let text = '';
  for await (const part of body) {
    text += decoder.decode(part, { stream: true });
    const frames = text.split('\n\n');
    text = frames.pop() ?? '';
    for (const frame of frames) {
      const lines = frame.split('\n');
      const data = valueOf(lines, 'data: ');
      if (data !== undefined) yield { event: valueOf(lines, 'event: ') ?? 'message', data };
    }
  }
}

function valueOf(lines: readonly string[], field: string): string | undefined {
  return lines.find((line) => line.startsWith(field))?.slice(field.length);
}
