import { decodeWire } from './decode-wire.ts';

/** Describes a protocol message in one line, without parameters: `REGISTER meter → 202 assigning`. */
export function wireText(message: string): string {
  const { request, answer } = decodeWire(message);
  const status = statusOf(answer?.body);
  const words = request.head.split(' ');
  const head = words.map((word) => (word.includes('?') ? word.slice(0, word.indexOf('?')) : word)).join(' ');
  const short = head.replace('$dps/registrations/', '').replace(/\/operations\/.*/, '/operations/…');
  if (answer === undefined) return short;
  return `${short} → ${answer.head}${status === '' ? '' : ` ${status}`}`;
}

function statusOf(body: unknown): string {
  if (typeof body !== 'object' || body === null || !('status' in body)) return '';
  return typeof body.status === 'string' ? body.status : '';
}
