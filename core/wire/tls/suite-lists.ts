/** The modes of the suites with ECDHE that DPS documents (iot-dps/tls-support), strongest first. */
const ecdheModes = ['AES_256_GCM_SHA384', 'AES_128_GCM_SHA256', 'AES_256_CBC_SHA384', 'AES_128_CBC_SHA256'] as const;

/** The four suites of hubs since 2025-08-31 (iot-hub-tls-support). */
export const ecdheRsa: readonly string[] = ecdheModes.map((mode) => `TLS_ECDHE_RSA_WITH_${mode}`);

/** The four suites of a host with an ECC certificate (iot-hub-tls-support, ECC preview). */
export const ecdheEcdsa: readonly string[] = ecdheModes.map((mode) => `TLS_ECDHE_ECDSA_WITH_${mode}`);

/** The eight suites of DPS (iot-dps/tls-support). */
export const dpsSuites: readonly string[] = [...ecdheRsa, ...ecdheEcdsa];

/** The further suites of hubs before 2025-08-31 (iot-hub-tls-support): DHE, RSA key exchange, SHA-1 and 3DES. */
export const weakSuites: readonly string[] = [
  'TLS_DHE_RSA_WITH_AES_256_GCM_SHA384',
  'TLS_DHE_RSA_WITH_AES_128_GCM_SHA256',
  'TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA',
  'TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA',
  'TLS_RSA_WITH_AES_256_GCM_SHA384',
  'TLS_RSA_WITH_AES_128_GCM_SHA256',
  'TLS_RSA_WITH_AES_256_CBC_SHA256',
  'TLS_RSA_WITH_AES_128_CBC_SHA256',
  'TLS_RSA_WITH_AES_256_CBC_SHA',
  'TLS_RSA_WITH_AES_128_CBC_SHA',
  'TLS_RSA_WITH_3DES_EDE_CBC_SHA',
];

/**
 * The suites of the hub names `device` and `service`: `aesGcm13` for TLS 1.3, `restricted12` for TLS 1.2. No public
 * source lists these suites; the project assumes the suites with AES-GCM.
 */
export const aesGcm13: readonly string[] = ['TLS_AES_256_GCM_SHA384', 'TLS_AES_128_GCM_SHA256'];
export const restricted12: readonly string[] = [
  'TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384',
  'TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256',
];
