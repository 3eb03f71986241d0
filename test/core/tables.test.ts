import { describe, expect, test } from 'vitest';
import { checks, isCheckId } from '../../core/checks.ts';
import { DecisionTrace, firstFailed } from '../../core/history/decision.ts';
import { deviceApiVersion, deviceApiVersions, dpsTopics } from '../../core/wire/dps-wire.ts';
import { defaultFidelity, fidelitySwitches } from '../../core/cloud/fidelity.ts';
import { History } from '../../core/history/history.ts';
import { problems } from '../../core/wire/problems.ts';
import { mergeVerdicts, type VerdictKind } from '../../core/run/run.ts';

const verdict = (kind: VerdictKind, reason: string = kind) => ({ kind, reason });

describe('the table of problems', () => {
  test.each(Object.entries(problems))('has an error code for %s that begins with the HTTP status', (_name, problem) => {
    expect(Math.floor(problem.errorCode / 1000)).toBe(problem.status);
    expect(problem.message).toMatch(/^[A-Z].+/);
  });

  test('has the error codes and messages of the real service', () => {
    const {
      unauthorized,
      invalidCertificate,
      caCertificateNotFound,
      invalidRegistrationId,
      notFound,
      hubNotSpecified,
    } = problems;
    expect([unauthorized.errorCode, unauthorized.message]).toEqual([401000, 'Unauthorized']);
    expect([invalidCertificate.errorCode, invalidCertificate.message]).toEqual([401002, 'Invalid certificate.']);
    expect([caCertificateNotFound.errorCode, caCertificateNotFound.message]).toEqual([
      401002,
      'CA certificate not found.',
    ]);
    expect([invalidRegistrationId.errorCode, invalidRegistrationId.message]).toEqual([
      400004,
      'Invalid RegistrationId',
    ]);
    expect(problems.chainMismatch.message).toBe('Signing certificate info did not match chain elements.');
    expect(problems.endorsementKeyMismatch.errorCode).toBe(400004);
    expect(problems.endorsementKeyMismatch.message).toBe(
      'Endorsement key is invalid, or does not match the Enrollment.',
    );
    expect(notFound.errorCode).toBe(404201);
    expect(hubNotSpecified.errorCode).toBe(400208);
  });
});

describe('the fidelity switches', () => {
  test('keep their defaults, because a changed default changes the results of users', () => {
    expect(defaultFidelity).toEqual({
      disabledEnrollment: 'at-once',
      attestationFailure: 'immediate',
      assignedHub: 'classic',
      badTokenNumber: 'by-transport',
      otherSymmetricKey: 'by-transport',
      secondRegistrationSubstatus: 'by-version',
      enrollmentGroupIdInState: 'shown',
      wrongIdScopeOverHttps: '404',
      missingIntermediate: 'error',
      expiredGroupCa: 'reject',
      registrationIdCase: 'insensitive',
      dpsTokenKeyName: 'any',
      tpmHubKey: 'keep',
      duplicateEndorsementKey: 'accept',
      newerWordsInOlderVersion: 'keep',
      partialCertificatePolicy: 'accept',
      connectionProfile: 'absent',
      csrInOlderVersion: 'ignore',
      csrKeys: 'any',
      credentialAnswerSuffix: 'none',
      credentialErrorNumbers: '2026',
      credentialTopic: 'credentials',
      credentialsByToken: 'accept',
      credentialsInOlderHubVersion: 'work',
      unknownApiVersionOverMqtt: 'answer',
      concurrentRegistration: 'accept',
      throttleWindow: 'sliding',
      throttleRetryAfter: 'told',
      pollsAsOperations: 'separate',
      resetAtSameHub: 'deviceDataReset',
      webhookTimeout: '5s',
      webhookRetry: 'never',
      webhookFailure: '400207',
      amqpAuthentication: 'deferred',
      amqpErrorCondition: 'by-status',
      missingRight: '401',
      putWithoutETag: 'conflict',
      omittedKeys: 'keep',
      attestationMechanismRight: 'EnrollmentRead',
      verificationCodeLife: 'unlimited',
      groupNeedsVerifiedRoot: 'no',
      unknownHubOverMqtt: '3',
      hashInTwinNames: 'reject',
      maintenanceOverMqtt: '3',
      encodedDeviceIdInTopic: 'accept',
      hubWithoutApiVersion: 'basic',
      leafPastCaExpiry: 'shorten',
      issuingCaLimit: '409',
      externalCaRevocation: 'refuse',
      shortestCertificatePolicy: 'P7D',
      issuedBesideOwnCredential: 'accept',
      serverKey: 'RSA-2048',
      serverNameIndication: 'any',
    });
  });

  test.each(Object.entries(fidelitySwitches))(
    'include %s, which has at least two options, all different, and a description',
    (_name, { options, sentence }) => {
      expect(new Set(options).size).toBe(options.length);
      expect(options.length).toBeGreaterThan(1);
      expect(sentence.length).toBeGreaterThan(20);
    },
  );
});

describe('check IDs', () => {
  test('are distinguished from other words, such as the inherited members of JavaScript objects', () => {
    for (const id of Object.keys(checks)) expect(isCheckId(id)).toBe(true);
    for (const word of ['', 'toString', '__proto__', 'constructor', 'certificate-valid', 'Token-Fresh']) {
      expect(isCheckId(word)).toBe(false);
    }
  });
});

describe('a decision', () => {
  test('keeps its checks in order and names the failed check', () => {
    const trace = new DecisionTrace('dps', 'dev-1', 'registration', undefined);
    expect(trace.check('id-scope-known', true, '0ne1', '0ne1')).toBe(true);
    const early = trace.decision();
    expect(trace.check('enrollment-found', false, 'dev-1', 'none')).toBe(false);
    expect(firstFailed(early)).toBeUndefined();
    expect(early.checks).toHaveLength(1);
    expect(firstFailed(trace.decision())).toEqual({
      check: 'enrollment-found',
      passed: false,
      expected: 'dev-1',
      found: 'none',
    });
    expect(trace.decision()).toMatchObject({ judge: 'dps', subject: 'dev-1', about: 'registration' });
  });
});

describe('a merged verdict', () => {
  test.each<[VerdictKind[], VerdictKind]>([
    [['pass'], 'pass'],
    [['pass', 'pass'], 'pass'],
    [['pass', 'skipped'], 'skipped'],
    [['skipped', 'unknown', 'pass'], 'unknown'],
    [['unknown', 'fail', 'skipped'], 'fail'],
    [['fail', 'unknown'], 'fail'],
  ])('of the verdicts %j is "%s"', (kinds, worst) => {
    expect(mergeVerdicts(kinds.map((kind) => verdict(kind))).kind).toBe(worst);
  });

  test('has the reason of the first verdict among the worst verdicts', () => {
    expect(mergeVerdicts([verdict('pass', 'a'), verdict('fail', 'b'), verdict('fail', 'c')])).toEqual(
      verdict('fail', 'b'),
    );
  });

  test('of no verdicts is unknown, never a pass', () => {
    expect(mergeVerdicts([]).kind).toBe('unknown');
  });
});

describe('a history', () => {
  test('records events in order, each with the time of the clock', () => {
    let now = 5;
    const history = new History({ now: () => now, sleep: () => Promise.resolve() });
    history.record({ kind: 'step-started', step: 0, name: 'power-on', line: 3 });
    now = 9;
    history.record({ kind: 'step-ended', step: 0 });
    expect(history.events()).toEqual([
      { at: 5, kind: 'step-started', step: 0, name: 'power-on', line: 3 },
      { at: 9, kind: 'step-ended', step: 0 },
    ]);
  });
});

describe('protocol names', () => {
  test('include the `api-version` that simulated devices use', () => {
    expect(deviceApiVersions).toContain(deviceApiVersion);
    for (const version of ['2019-03-31', '2021-06-01', '2021-10-01']) expect(deviceApiVersions).toContain(version);
  });

  test.each([
    [dpsTopics.register('7'), '$dps/registrations/PUT/iotdps-register/?$rid=7'],
    [
      dpsTopics.operationStatus('7', '4.a.b'),
      '$dps/registrations/GET/iotdps-get-operationstatus/?$rid=7&operationId=4.a.b',
    ],
    [dpsTopics.response(202, '7', 3), '$dps/registrations/res/202/?$rid=7&retry-after=3'],
    [dpsTopics.response(200, '7'), '$dps/registrations/res/200/?$rid=7'],
    [dpsTopics.responses, '$dps/registrations/res/#'],
  ])('include the documented topic %s', (written, documented) => {
    expect(written).toBe(documented);
  });
});
