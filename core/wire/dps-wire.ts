// Names of the DPS device API that client and service share.

/** Default host of DPS for devices. */
export const globalEndpoint = 'global.azure-devices-provisioning.net';

/** API version that simulated devices use, like the SDKs for Node, Python and C#. */
export const deviceApiVersion = '2019-03-31';

/** The device API versions that published SDKs and documents use. */
export const deviceApiVersions: readonly string[] = [
  '2017-08-31-preview',
  '2017-11-15',
  '2018-04-01',
  '2018-09-01-preview',
  '2018-11-01',
  '2019-03-31',
  '2019-04-15',
  '2021-06-01',
  '2021-10-01',
  '2025-07-01-preview',
  '2026-04-01',
  '2026-11-01',
  '2026-11-02-preview',
];

/** API version of simulated devices that request a certificate. */
export const issuingApiVersion = '2026-11-01';

/** The API versions in which a register request can contain the member `csr`. */
export const issuingApiVersions: readonly string[] = [
  '2025-07-01-preview',
  '2026-04-01',
  issuingApiVersion,
  '2026-11-02-preview',
];

/** The API versions in which a registration state can contain the member `connectionProfile`. */
export const connectionProfileApiVersions: readonly string[] = ['2026-11-02-preview'];

/** The API versions in which a device can request updates. */
export const updateApiVersions: readonly [string, ...string[]] = ['2026-11-02-preview'];

/** MQTT topics of the device API. */
export const dpsTopics = {
  responses: '$dps/registrations/res/#',
  register: (rid: string) => `$dps/registrations/PUT/iotdps-register/?$rid=${rid}`,
  operationStatus: (rid: string, operationId: string) =>
    `$dps/registrations/GET/iotdps-get-operationstatus/?$rid=${rid}&operationId=${operationId}`,
  /** The parameter `$rid` comes first, because the Python SDK splits the topic at this parameter. */
  response: (status: number, rid: string, retryAfterSeconds?: number) =>
    `$dps/registrations/res/${status}/?$rid=${rid}` +
    (retryAfterSeconds === undefined ? '' : `&retry-after=${retryAfterSeconds}`),
} as const;

/** Names of the device API over AMQP. */
export const amqpWords = {
  operationType: 'iotdps-operation-type',
  operationId: 'iotdps-operation-id',
  register: 'iotdps-register',
  operationStatus: 'iotdps-get-operationstatus',
  /** Link property. */
  apiVersion: 'com.microsoft:api-version',
  /** SASL mechanism of TPM attestation. */
  tpmMechanism: 'TPM',
} as const;

/** Path and sub-protocols of the WebSockets of the service. */
export const webSocket = { path: '/$iothub/websocket', mqtt: 'mqtt', amqp: 'AMQPWSB10' } as const;

/** Status of an operation or a registration. */
type RegistrationStatus = 'unassigned' | 'assigning' | 'assigned' | 'failed' | 'disabled';

/** JSON body of a register request. */
export interface RegisterBody {
  readonly registrationId?: string;
  readonly tpm?: { readonly endorsementKey: string; readonly storageRootKey?: string };
  readonly payload?: unknown;
  /** Certificate signing request (PKCS #10): base64 of DER, without PEM lines. */
  readonly csr?: string;
}

/** JSON of the state of a registration. */
export interface RegistrationState {
  readonly registrationId: string;
  readonly status: RegistrationStatus;
  readonly createdDateTimeUtc?: string;
  readonly lastUpdatedDateTimeUtc?: string;
  readonly assignedHub?: string;
  readonly deviceId?: string;
  readonly substatus?: string;
  readonly etag?: string;
  readonly errorCode?: number;
  readonly errorMessage?: string;
  readonly x509?: Readonly<Record<string, unknown>>;
  readonly symmetricKey?: Readonly<Record<string, unknown>>;
  readonly tpm?: { readonly authenticationKey: string };
  readonly payload?: unknown;
  /**
   * The issued certificates from the leaf to the root, each in base64 of DER. Present only in the answer that ends the
   * operation.
   */
  readonly issuedCertificateChain?: readonly string[];
  /** MQTT profile of the assigned hub. Absent or null means `classic`. */
  readonly connectionProfile?: 'classic' | 'mqttV5' | null;
}

/** JSON body of the answer to an accepted register request or poll. */
export interface OperationBody {
  readonly operationId: string;
  readonly status: RegistrationStatus;
  readonly registrationState?: RegistrationState;
  /** `registrationState` in 2017-08-31-preview. */
  readonly registrationStatus?: RegistrationState;
}

/** JSON body of the TPM challenge, which has status 401. */
export interface ChallengeBody {
  readonly message: string;
  /** The encrypted key of the challenge: base64 of six TPM2B structures. */
  readonly authenticationKey: string;
  readonly unencryptedAuthenticationKey: null;
  readonly keyName: 'registration';
}
