import { createContext } from 'preact';
import type { PageCertificate } from '../../page-data.ts';

/** Certificates by their SHA-256 thumbprints. */
export type Certificates = Readonly<Record<string, PageCertificate>>;

/** The certificates that the parts of a page can show. A page without certificates provides none. */
export const KnownCertificates = createContext<Certificates>({});
