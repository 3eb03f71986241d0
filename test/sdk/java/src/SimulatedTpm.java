import com.microsoft.azure.sdk.iot.provisioning.security.SecurityProviderTpm;
import java.util.Arrays;
import tss.Tpm;
import tss.TpmBuffer;
import tss.TpmFactory;
import tss.tpm.TPM2B_ENCRYPTED_SECRET;
import tss.tpm.TPM2B_ID_OBJECT;
import tss.tpm.TPM2B_PRIVATE;
import tss.tpm.TPM2B_PUBLIC;
import tss.tpm.TPMA_OBJECT;
import tss.tpm.TPMS_NULL_ASYM_SCHEME;
import tss.tpm.TPMS_PCR_SELECTION;
import tss.tpm.TPMS_RSA_PARMS;
import tss.tpm.TPMS_SENSITIVE_CREATE;
import tss.tpm.TPMT_PUBLIC;
import tss.tpm.TPMT_SYM_DEF;
import tss.tpm.TPMT_SYM_DEF_OBJECT;
import tss.tpm.TPM2B_PUBLIC_KEY_RSA;
import tss.tpm.TPM_ALG_ID;
import tss.tpm.TPM_HANDLE;
import tss.tpm.TPM_RC;
import tss.tpm.TPM_SE;

/**
 * A TPM provider over Microsoft's TSS.Java and its simulator protocol at ports 2321 and 2322. Microsoft's own provider for the simulator
 * is not in Maven Central, and the one that is there opens /dev/tpm0 alone. Not for more than one device at a time.
 */
final class SimulatedTpm extends SecurityProviderTpm {
    private static final TPM_HANDLE EK = TPM_HANDLE.persistent(0x00010001);
    private static final TPM_HANDLE SRK = TPM_HANDLE.persistent(0x00000001);
    private static final TPM_HANDLE IDENTITY = TPM_HANDLE.persistent(0x00000100);
    private static final TPMT_SYM_DEF_OBJECT AES = new TPMT_SYM_DEF_OBJECT(TPM_ALG_ID.AES, 128, TPM_ALG_ID.CFB);

    private final String registrationId;
    /**
     * Without the power cycle of `localTpmSimulator()`: TSS.Java sends its words for power with their length before them, so that it
     * reads one acknowledgement too few for each, and its TPM2_Startup may overtake the power.
     */
    private final Tpm tpm = TpmFactory.remoteTpm("localhost", 2321);

    SimulatedTpm(String registrationId) {
        this.registrationId = registrationId;
        // The owner of a TPM does this once; the endorsement key exists from the factory.
        tpm._allowErrors().ReadPublic(SRK);
        if (tpm._getLastResponseCode() != TPM_RC.SUCCESS) makeStorageRootKey();
    }

    @Override
    public String getRegistrationId() {
        return registrationId;
    }

    @Override
    public byte[] getEndorsementKey() {
        return new TPM2B_PUBLIC(tpm.ReadPublic(EK).outPublic).toTpm();
    }

    @Override
    public byte[] getStorageRootKey() {
        return new TPM2B_PUBLIC(tpm.ReadPublic(SRK).outPublic).toTpm();
    }

    /** Brings the key of the hub into the TPM: credential, secret, wrapped key, seed, public area, in this order. */
    @Override
    public byte[] activateIdentityKey(byte[] challenge) {
        TpmBuffer parts = new TpmBuffer(challenge);
        TPM2B_ID_OBJECT credential = TPM2B_ID_OBJECT.fromTpm(parts);
        TPM2B_ENCRYPTED_SECRET secret = TPM2B_ENCRYPTED_SECRET.fromTpm(parts);
        TPM2B_PRIVATE wrapped = TPM2B_PRIVATE.fromTpm(parts);
        TPM2B_ENCRYPTED_SECRET seed = TPM2B_ENCRYPTED_SECRET.fromTpm(parts);
        TPMT_PUBLIC identity = TPM2B_PUBLIC.fromTpm(parts).publicArea;
        byte[] innerKey = activate(credential, secret);
        TPM2B_PRIVATE imported = tpm.Import(SRK, innerKey, identity, wrapped, seed.secret, AES);
        TPM_HANDLE loaded = tpm.Load(SRK, imported, identity);
        tpm._allowErrors().ReadPublic(IDENTITY);
        if (tpm._getLastResponseCode() == TPM_RC.SUCCESS) tpm.EvictControl(TPM_HANDLE.OWNER, IDENTITY, IDENTITY);
        tpm.EvictControl(TPM_HANDLE.OWNER, loaded, IDENTITY);
        tpm.FlushContext(loaded);
        return new byte[0];
    }

    @Override
    public byte[] signWithIdentity(byte[] data) {
        return tpm.HMAC(IDENTITY, data, TPM_ALG_ID.SHA256);
    }

    private byte[] activate(TPM2B_ID_OBJECT credential, TPM2B_ENCRYPTED_SECRET secret) {
        byte[] nonce = new byte[32];
        Arrays.fill(nonce, (byte) 7);
        TPM_HANDLE session =
                tpm.StartAuthSession(
                                TPM_HANDLE.NULL,
                                TPM_HANDLE.NULL,
                                nonce,
                                new byte[0],
                                TPM_SE.POLICY,
                                new TPMT_SYM_DEF(TPM_ALG_ID.NULL, 0, TPM_ALG_ID.NULL),
                                TPM_ALG_ID.SHA256)
                        .handle;
        tpm.PolicySecret(TPM_HANDLE.ENDORSEMENT, session, new byte[0], new byte[0], new byte[0], 0);
        try {
            return tpm._withSessions(TPM_HANDLE.pwSession(new byte[0]), session)
                    .ActivateCredential(SRK, EK, credential.credential, secret.secret);
        } finally {
            // TSS.Java keeps sessions going, and a TPM has room for three.
            tpm.FlushContext(session);
        }
    }

    private void makeStorageRootKey() {
        TPMT_PUBLIC template =
                new TPMT_PUBLIC(
                        TPM_ALG_ID.SHA256,
                        new TPMA_OBJECT(
                                TPMA_OBJECT.restricted,
                                TPMA_OBJECT.decrypt,
                                TPMA_OBJECT.fixedTPM,
                                TPMA_OBJECT.fixedParent,
                                TPMA_OBJECT.noDA,
                                TPMA_OBJECT.userWithAuth,
                                TPMA_OBJECT.sensitiveDataOrigin),
                        new byte[0],
                        new TPMS_RSA_PARMS(AES, new TPMS_NULL_ASYM_SCHEME(), 2048, 0),
                        new TPM2B_PUBLIC_KEY_RSA());
        TPM_HANDLE made =
                tpm.CreatePrimary(
                                TPM_HANDLE.OWNER,
                                new TPMS_SENSITIVE_CREATE(new byte[0], new byte[0]),
                                template,
                                new byte[0],
                                new TPMS_PCR_SELECTION[0])
                        .handle;
        tpm.EvictControl(TPM_HANDLE.OWNER, made, SRK);
        tpm.FlushContext(made);
    }

    void close() throws java.io.IOException {
        tpm.close();
    }
}
