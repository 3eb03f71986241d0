import { useRef, useState } from 'preact/hooks';
import type { PageCertificate } from '../page-data.ts';
import type { Certificates } from '../page/certificate/known-certificates.ts';
import type { ControlClient } from './control-client.ts';

interface LoadedCertificates {
  readonly certificates: Certificates;
  /** Loads the certificates with these SHA-256 thumbprints, unless the page has already requested them. */
  readonly need: (thumbprints: readonly string[]) => void;
}

/** Loads each certificate once, when the page needs it. The page shows no fields of a certificate that the lab no longer has. */
export function useCertificates(client: ControlClient): LoadedCertificates {
  const [certificates, setCertificates] = useState<Certificates>({});
  const requested = useRef(new Set<string>());
  const need = (thumbprints: readonly string[]): void => {
    for (const thumbprint of thumbprints) {
      if (requested.current.has(thumbprint)) continue;
      requested.current.add(thumbprint);
      client.get<PageCertificate>(`/certificates/${thumbprint}`).then(
        (loaded) => setCertificates((before) => ({ ...before, [thumbprint]: loaded })),
        () => {},
      );
    }
  };
  return { certificates, need };
}
