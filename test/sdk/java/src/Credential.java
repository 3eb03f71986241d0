import com.google.gson.JsonObject;
import com.microsoft.azure.sdk.iot.provisioning.security.SecurityProvider;
import com.microsoft.azure.sdk.iot.provisioning.security.SecurityProviderSymmetricKey;
import com.microsoft.azure.sdk.iot.provisioning.security.hsm.SecurityProviderX509Cert;
import java.io.FileInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Paths;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/** Makes the security provider of a case. */
final class Credential {
    private Credential() {}

    /** With `key`, the base64 text; with `cert` and `certKey`, paths of PEM files; else the TPM where the simulator is. */
    static SecurityProvider of(JsonObject told) throws Exception {
        String registrationId = told.get("registrationId").getAsString();
        if (told.has("key")) {
            byte[] key = told.get("key").getAsString().getBytes(StandardCharsets.UTF_8);
            return new SecurityProviderSymmetricKey(key, registrationId);
        }
        if (told.has("cert")) return certificate(told.get("cert").getAsString(), told.get("certKey").getAsString());
        return new SimulatedTpm(registrationId);
    }

    private static SecurityProvider certificate(String certPath, String keyPath) throws Exception {
        List<X509Certificate> chain = new ArrayList<>();
        try (FileInputStream file = new FileInputStream(certPath)) {
            for (Object one : CertificateFactory.getInstance("X.509").generateCertificates(file)) {
                chain.add((X509Certificate) one);
            }
        }
        return new SecurityProviderX509Cert(chain.get(0), privateKey(keyPath), chain.subList(1, chain.size()));
    }

    private static PrivateKey privateKey(String path) throws Exception {
        String pem = new String(Files.readAllBytes(Paths.get(path)), StandardCharsets.UTF_8);
        String base64 = pem.replaceAll("-----[A-Z ]+-----", "").replaceAll("\\s", "");
        return KeyFactory.getInstance("EC").generatePrivate(new PKCS8EncodedKeySpec(Base64.getDecoder().decode(base64)));
    }
}
