import { expect, test } from 'vitest';
import { decodedTexts } from '../../../reports/html/page/scenario/event/decoded-text.ts';
import {
  isErrorAnswer,
  messageFields,
  statusMeaning,
} from '../../../reports/html/page/scenario/event/message-fields.ts';

test.each([
  [
    'mqtt',
    'PUBLISH $dps/registrations/GET/iotdps-get-operationstatus/?$rid=2&operationId=4.a',
    {
      label: 'Topic',
      method: 'PUBLISH',
      target: '$dps/registrations/GET/iotdps-get-operationstatus/',
      properties: [
        ['$rid', '2'],
        ['operationId', '4.a'],
      ],
    },
  ],
  [
    'mqtt',
    'PUBLISH devices/pump/messages/events/$.ct=application%2Fjson&level=high',
    {
      label: 'Topic',
      method: 'PUBLISH',
      target: 'devices/pump/messages/events/',
      properties: [
        ['$.ct', 'application/json'],
        ['level', 'high'],
      ],
    },
  ],
  [
    'https',
    'PUT /0ne/registrations/pump/register?api-version=2019-03-31',
    {
      label: 'Path',
      method: 'PUT',
      target: '/0ne/registrations/pump/register',
      properties: [['api-version', '2019-03-31']],
    },
  ],
  ['mqtt', 'CONNECT hub/pump', { label: 'User name', method: 'CONNECT', target: 'hub/pump', properties: [] }],
  [
    'amqp',
    'PUT-TOKEN hub/devices/pump',
    { label: 'Address', method: 'PUT-TOKEN', target: 'hub/devices/pump', properties: [] },
  ],
] as const)(
  'over %s, `messageFields` finds the method, target and properties of the message %s',
  (door, head, fields) => {
    expect(messageFields(door, head)).toEqual(fields);
  },
);

test('`messageFields` returns no fields for a message without a method', () => {
  expect(messageFields('mqtt', 'the hub closes the connection')).toBeUndefined();
});

test('`statusMeaning` explains a status, and `isErrorAnswer` recognises an error status', () => {
  expect(['CONNACK 0', 'CONNACK 5', '401', '202', '401002'].map(statusMeaning)).toEqual([
    'accepted',
    'not authorized',
    'unauthorized',
    'accepted, not complete yet',
    undefined,
  ]);
  expect(['CONNACK 5', '401', '401002', 'CONNACK 0', '202', '200 (with keys)'].map(isErrorAnswer)).toEqual([
    true,
    true,
    true,
    false,
    false,
    false,
  ]);
});

test('`decodedTexts` lists each base64 field that encodes text, with its path, and omits other fields', () => {
  const data = Buffer.from('{"temperature":21}').toString('base64');
  const key = Buffer.from(Array.from({ length: 32 }, (_, index) => 250 - index)).toString('base64');
  expect(decodedTexts({ deviceId: 'thermostat12', payload: { data }, key, text: 'plain words here' })).toEqual([
    { path: 'payload.data', text: '{"temperature":21}' },
  ]);
  expect(decodedTexts(data)).toEqual([{ path: '', text: '{"temperature":21}' }]);
});
