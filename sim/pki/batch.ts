import { z } from 'zod';
import { toPem } from '../../core/x509/der/pem.ts';
import type { InstalledCertificate } from '../devices/flash.ts';
import { askVendor, type CaResponse } from './ca-response.ts';

/** Certificates that a vendor delivered in advance, by the names in the order. Installing a certificate removes it from the batch. */
export type Batch = Map<string, InstalledCertificate>;

/** Path at which a vendor accepts orders. No standard protocol for orders exists: Rehearsal defines the path and the JSON. */
export const ordersPath = '/orders';

/**
 * Delivery for an order: keys and chains as base64 of DER, in the order of the names. If the quota of the vendor is too small, the last
 * names are missing.
 */
export const deliverySchema = z.object({
  certificates: z.array(z.object({ name: z.string(), chain: z.array(z.string()).min(1), keyPem: z.string() })),
});

/** Orders one certificate with its key for each name. */
export function orderBatch(
  origin: string,
  names: readonly string[],
  authorization: string,
): Promise<CaResponse<Batch>> {
  return askVendor(
    new Request(`${origin}${ordersPath}`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', Authorization: authorization },
      body: JSON.stringify({ names }),
    }),
    readDelivery,
  );
}

function readDelivery(body: string): Batch | undefined {
  try {
    const { certificates } = deliverySchema.parse(JSON.parse(body));
    return new Map(
      certificates.map(({ name, chain, keyPem }) => {
        const ders = chain.map((each) => Buffer.from(each, 'base64'));
        return [name, { leaf: ders[0] ?? Buffer.alloc(0), chainPem: ders.map(toPem).join(''), keyPem }];
      }),
    );
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof z.ZodError) return undefined;
    throw error;
  }
}
