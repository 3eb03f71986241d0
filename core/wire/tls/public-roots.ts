/** A public root CA under which Azure issues or issued server certificates. */
export interface PublicRoot {
  /** Common name. */
  readonly commonName: string;
  /** SHA-256 of the certificate, in hexadecimal. */
  readonly sha256: string;
  /** SHA-256 of the SubjectPublicKeyInfo, in hexadecimal. A cross-certificate has the same key. */
  readonly keySha256: string;
  readonly key: 'RSA' | 'ECDSA';
  /** End of validity (ISO 8601). */
  readonly notAfter: string;
}

/**
 * The public roots by the names that scenarios and `rehearse trust` use. The digests were computed from the certificates of Debian's package
 * ca-certificates; the certificates themselves are not part of this repository.
 */
export const publicRoots = {
  'baltimore-cybertrust-root': {
    commonName: 'Baltimore CyberTrust Root',
    sha256: '16AF57A9F676B0AB126095AA5EBADEF22AB31119D644AC95CD4B93DBF3F26AEB',
    keySha256: '63D9AF9B47B1064D49A10E7B7FD566DBC8CAA399459BFC2829C571AD8C6EF34A',
    key: 'RSA',
    notAfter: '2025-05-12T23:59:00Z',
  },
  'digicert-global-root-g2': {
    commonName: 'DigiCert Global Root G2',
    sha256: 'CB3CCBB76031E5E0138F8DD39A23F9DE47FFC35E43C1144CEA27D46A5AB1CB5F',
    keySha256: '8BB593A93BE1D0E8A822BB887C547890C3E706AAD2DAB76254F97FB36B82FC26',
    key: 'RSA',
    notAfter: '2038-01-15T12:00:00Z',
  },
  'digicert-global-root-g3': {
    commonName: 'DigiCert Global Root G3',
    sha256: '31AD6648F8104138C738F39EA4320133393E3A18CC02296EF97C2AC9EF6731D0',
    keySha256: 'B94C198300CEC5C057AD0727B70BBE91816992256439A7B32F4598119DDA9C97',
    key: 'ECDSA',
    notAfter: '2038-01-15T12:00:00Z',
  },
  'digicert-global-root-ca': {
    commonName: 'DigiCert Global Root CA',
    sha256: '4348A0E9444C78CB265E058D5E8944B4D84F9662BD26DB257F8934A443C70161',
    keySha256: 'AFF988906DDE12955D9BEBBF928FDCC31CCE328D5B9384F21C8941CA26E20391',
    key: 'RSA',
    notAfter: '2031-11-10T00:00:00Z',
  },
  'microsoft-rsa-root-2017': {
    commonName: 'Microsoft RSA Root Certificate Authority 2017',
    sha256: 'C741F70F4B2A8D88BF2E71C14122EF53EF10EBA0CFA5E64CFA20F418853073E0',
    keySha256: 'B2F7298B52BF2C3CAC4DDFE72DE4D682AC58957595982F2B62301AF597C699C5',
    key: 'RSA',
    notAfter: '2042-07-18T23:00:23Z',
  },
  'microsoft-ecc-root-2017': {
    commonName: 'Microsoft ECC Root Certificate Authority 2017',
    sha256: '358DF39D764AF9E1B766E9C972DF352EE15CFAC227AF6AD1D70E8E4A6EDCBA02',
    keySha256: '35F53CE1264611E03340FE37E1EC7D4CC986C5613DCA70FD04AA44545F2DAF28',
    key: 'ECDSA',
    notAfter: '2042-07-18T23:16:04Z',
  },
} as const satisfies Record<string, PublicRoot>;

export type PublicRootName = keyof typeof publicRoots;

/** The names of the public roots. */
export const publicRootNames = Object.keys(publicRoots) as readonly PublicRootName[];
