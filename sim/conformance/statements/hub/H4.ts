import { failed, notExercised, passed } from '../../judge/finding.ts';
import { eventsOf } from '../../judge/world-record.ts';
import { defineStatement } from '../statement.ts';

export const H4 = defineStatement({
  id: 'H4',
  group: 'hub',
  level: 'must',
  statement: 'answers a method with its `$rid`, an integer status, and JSON or nothing',
  source: 'D-MQTT',
  needs: ['hub'],
  worlds: ['hub-calls'],
  judge: (record) => {
    const [call] = eventsOf(record, 'publish').filter(
      ({ from, topic }) => from === 'service' && topic.startsWith('$iothub/methods/POST/'),
    );
    if (call === undefined) return notExercised('the client does not subscribe to methods over MQTT');
    const answer = eventsOf(record, 'publish').find(
      ({ from, topic }) => from === 'client' && topic.startsWith('$iothub/methods/res/'),
    );
    const expected = 'an answer to $iothub/methods/res/{status}/?$rid=a7f with JSON or no body';
    if (answer === undefined) return failed(expected, 'the client did not answer', call);
    const isRight = /^\$iothub\/methods\/res\/-?\d+\/\?\$rid=a7f$/.test(answer.topic) && isJsonOrEmpty(answer.text);
    return isRight
      ? passed(`the client answered at ${answer.topic}`, call, answer)
      : failed(expected, `the client answered at ${answer.topic} with ${answer.text || 'no body'}`, call, answer);
  },
});

function isJsonOrEmpty(text: string): boolean {
  if (text === '') return true;
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
