/** The request or the response of a recorded exchange. */
export interface WireHalf {
  /** Method and target of a request, status of a response. */
  readonly head: string;
  /** Parsed JSON, or the text if it is not JSON. */
  readonly body: unknown;
}

/** Splits a recorded message into request and response. */
export function decodeWire(message: string): { readonly request: WireHalf; readonly answer: WireHalf | undefined } {
  const arrow = message.indexOf(' → ');
  if (arrow < 0) return { request: halfOf(message), answer: undefined };
  return { request: halfOf(message.slice(0, arrow)), answer: halfOf(message.slice(arrow + 3)) };
}

function halfOf(text: string): WireHalf {
  const start = text.search(/ [{[]/);
  const head = (start < 0 ? text : text.slice(0, start)).trim();
  const body = start < 0 ? undefined : readable(text.slice(start + 1).trim());
  return { head, body };
}

function readable(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
