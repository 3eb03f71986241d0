import type { TpmProof } from '../dps-connection.ts';

/** The client side of a SASL mechanism, with the methods that rhea calls. */
interface SaslClientMechanism {
  start(respond: Respond): void;
  step(challenge: Buffer, respond: Respond): void;
}

type Respond = (error: Error | undefined, response?: Buffer) => void;

/**
 * The client side of the SASL mechanism `TPM`. It first sends ID scope, registration ID and endorsement key, and then the storage root key.
 * The service answers with a wrapped key in several segments. If the TPM accepts this key, the client sends a token that the TPM signs with
 * the key.
 */
export function tpmLogin(idScope: string, registrationId: string, proof: TpmProof): SaslClientMechanism {
  const segments: Buffer[] = [];
  const zero = Buffer.alloc(1);
  return {
    start: (respond) => {
      const hello = Buffer.from(`\0${idScope}\0${registrationId}\0`);
      respond(undefined, Buffer.concat([hello, proof.endorsementKey]));
    },
    step: (challenge, respond) => {
      const control = challenge[0] ?? 0;
      if ((control & 0x80) === 0) return respond(undefined, Buffer.concat([zero, proof.storageRootKey]));
      if ((control & 3) !== (segments.length & 3)) return respond(new Error('a segment is missing'));
      segments.push(challenge.subarray(1));
      if ((control & 0x40) === 0) return respond(undefined, zero);
      void proof.answer(Buffer.concat(segments)).then(
        (token) =>
          token === undefined
            ? respond(new Error('the TPM rejects the key'))
            : respond(undefined, Buffer.concat([zero, Buffer.from(token)])),
        (error: unknown) => respond(error instanceof Error ? error : new Error(String(error))),
      );
    },
  };
}
