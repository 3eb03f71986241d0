import type { History } from '../../../core/history/history.ts';
import { recordRefusedOpening } from '../../shared/record-refused-opening.ts';
import type { Arrival } from './open-session.ts';

type Refused = Pick<Arrival, 'credentials' | 'transport'>;

/**
 * Records a CONNECT with another protocol level than that of MQTT 3.1.1, or the text with which a client of another protocol begins, such as
 * HTTP or AMQP.
 */
export function recordOtherOpening(
  history: History,
  { credentials, transport }: Refused,
  opening: number | string,
): void {
  const refused =
    typeof opening === 'number'
      ? { found: levelText(opening), answer: 'CONNACK 1' }
      : { found: `the text "${opening}" of another protocol`, answer: 'the connection is closed' };
  recordRefusedOpening(history, credentials, transport, { about, expected, ...refused });
}

function levelText(level: number): string {
  const name = versions[level];
  return `protocol level ${level}${name === undefined ? '' : ` (${name})`}`;
}

/**
 * Records a connection that ended before a CONNECT that the listener could read. An error of the network is not recorded, because such a
 * client sent nothing wrong.
 */
export function recordUnreadable(history: History, { credentials, transport }: Refused, error: Error): void {
  if ('code' in error) return;
  const { info } = error as Error & { readonly info?: { readonly cmd?: string } };
  const found =
    info?.cmd !== undefined
      ? `a ${info.cmd.toUpperCase()} before CONNECT`
      : error.message === lateConnect
        ? 'no complete CONNECT in time'
        : `an unreadable packet: ${error.message}`;
  const answer = 'the connection is closed';
  recordRefusedOpening(history, credentials, transport, { about, expected, found, answer });
}

/** The message of the error of aedes if a client sends no CONNECT within the time limit. */
const lateConnect = 'connect did not arrive in time';

const about = 'MQTT connect';
const expected = 'CONNECT of MQTT 3.1.1, protocol level 4';

/** The versions of MQTT by their protocol levels. Bridges of mosquitto set the high bit. */
const versions: Readonly<Record<number, string>> = {
  3: 'MQTT 3.1',
  5: 'MQTT 5',
  0x83: 'MQTT 3.1 from a bridge, use `try_private false`',
  0x84: 'MQTT 3.1.1 from a bridge, use `try_private false`',
};
