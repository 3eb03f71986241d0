import type { TrustVerdict } from '../../../core/findings/trust/trust-verdicts.ts';
import type { ClientHello } from '../../../core/wire/tls/client-hello.ts';
import type { BundleRoot } from './bundle-roots.ts';

/** The result of `rehearse trust`, in the form that `--json` prints. */
export interface TrustReport extends TrustVerdict {
  readonly bundle: string;
  readonly roots: readonly (Omit<BundleRoot, 'notAfter'> & {
    readonly notAfter: string;
    readonly isExpired: boolean;
  })[];
  readonly hello?: ClientHello;
}
