/**
 * Words of the DPS device API that both ends of the wire must spell alike.
 */

/** Host that devices are given when nobody says otherwise. */
export const globalEndpoint = 'global.azure-devices-provisioning.net';

/** What the simulated devices ask for, as the Node, Python and C# SDKs do. */
export const deviceApiVersion = '2019-03-31';

/** Every device API version that a published SDK or document uses. */
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
];

/** The API version that devices ask for which want a certificate issued. */
export const issuingApiVersion = '2026-04-01';

/** The API versions that know the word `csr`. */
export const issuingApiVersions: readonly string[] = ['2025-07-01-preview', issuingApiVersion];

/** MQTT topics of the device API. */
export const dpsTopics = {
  responses: '$dps/registrations/res/#',
  register: (rid: string) => `$dps/registrations/PUT/iotdps-register/?$rid=${rid}`,
  operationStatus: (rid: string, operationId: string) =>
    `$dps/registrations/GET/iotdps-get-operationstatus/?$rid=${rid}&operationId=${operationId}`,
  /** `$rid` comes first: the Python SDK splits there. */
  response: (status: number, rid: string, retryAfterSeconds?: number) =>
    `$dps/registrations/res/${status}/?$rid=${rid}` +
    (retryAfterSeconds === undefined ? '' : `&retry-after=${retryAfterSeconds}`),
} as const;

/** Words of the device API over AMQP. */
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

/** Path of the service's WebSockets, and the sub-protocols that are spoken inside. */
export const webSocket = { path: '/$iothub/websocket', mqtt: 'mqtt', amqp: 'AMQPWSB10' } as const;

/** Status of an operation or a registration. */
type RegistrationStatus = 'unassigned' | 'assigning' | 'assigned' | 'failed' | 'disabled';

/** JSON body of a register request. */
export interface RegisterBody {
  readonly registrationId?: string;
  readonly tpm?: { readonly endorsementKey: string; readonly storageRootKey?: string };
  readonly payload?: unknown;
  /** Base64 of a DER PKCS #10 request, without PEM armour. */
  readonly csr?: string;
}

/** JSON of what the service knows about one registration. */
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
  /** Base64 of DER, from the leaf to the root; only in the answer that ends the operation. */
  readonly issuedCertificateChain?: readonly string[];
}

/** JSON body of an accepted register or poll. */
export interface OperationBody {
  readonly operationId: string;
  readonly status: RegistrationStatus;
  readonly registrationState?: RegistrationState;
  /** What 2017-08-31-preview calls registrationState. */
  readonly registrationStatus?: RegistrationState;
}

/** JSON body of the TPM challenge, which comes with status 401. */
export interface ChallengeBody {
  readonly message: string;
  /** Base64 of six TPM2B structures. */
  readonly authenticationKey: string;
  readonly unencryptedAuthenticationKey: null;
  readonly keyName: 'registration';
}
