import com.google.gson.Gson;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.microsoft.azure.sdk.iot.device.DeviceClient;
import com.microsoft.azure.sdk.iot.device.IotHubClientProtocol;
import com.microsoft.azure.sdk.iot.device.IotHubMessageResult;
import com.microsoft.azure.sdk.iot.device.twin.DirectMethodResponse;
import com.microsoft.azure.sdk.iot.provisioning.service.ProvisioningServiceClient;
import com.microsoft.azure.sdk.iot.provisioning.service.configs.IndividualEnrollment;
import com.microsoft.azure.sdk.iot.provisioning.service.configs.QuerySpecificationBuilder;
import com.microsoft.azure.sdk.iot.provisioning.service.configs.SymmetricKeyAttestation;
import com.microsoft.azure.sdk.iot.service.messaging.IotHubServiceClientProtocol;
import com.microsoft.azure.sdk.iot.service.messaging.Message;
import com.microsoft.azure.sdk.iot.service.messaging.MessagingClient;
import com.microsoft.azure.sdk.iot.service.methods.DirectMethodsClient;
import com.microsoft.azure.sdk.iot.service.query.QueryClient;
import com.microsoft.azure.sdk.iot.service.registry.Device;
import com.microsoft.azure.sdk.iot.service.registry.RegistryClient;
import com.microsoft.azure.sdk.iot.service.twin.Twin;
import com.microsoft.azure.sdk.iot.service.twin.TwinClient;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** The back ends of DPS and of a hub, with a device of the SDK online. */
final class BackEnd {
    private BackEnd() {}

    static void run(JsonObject told, Talk talk) throws Exception {
        enrollments(new ProvisioningServiceClient(told.get("dps").getAsString()), talk);
        String text = told.get("hub").getAsString();
        String deviceId = told.get("deviceId").getAsString();
        RegistryClient registry = new RegistryClient(text);
        Device made = registry.addDevice(new Device(deviceId));
        talk.tell("created", json(made.getDeviceId()));
        talk.tell("read", json(registry.getDevice(deviceId).getStatus().name()));
        talk.tell("counted", json(registry.getStatistics().getTotalDeviceCount()));
        TwinClient twins = new TwinClient(text);
        Twin twin = twins.get(deviceId);
        twin.getTags().put("site", "lab");
        twin.getDesiredProperties().put("rate", 5);
        talk.tell("patched", json(twins.patch(twin).getDesiredProperties().getVersion()));
        var found = new QueryClient(text).queryTwins("SELECT * FROM devices WHERE tags.site = 'lab'");
        talk.tell("queried", json(found.next().getDeviceId()));
        String host = text.replaceAll(".*HostName=([^;]+).*", "$1");
        String place = "HostName=" + host + ";DeviceId=" + deviceId + ";SharedAccessKey=" + made.getPrimaryKey();
        DeviceClient device = new DeviceClient(place, IotHubClientProtocol.MQTT);
        try {
            online(device, text, deviceId, talk);
        } finally {
            device.close();
        }
        registry.removeDevice(deviceId);
        talk.tell("removed");
    }

    private static void enrollments(ProvisioningServiceClient service, Talk talk) throws Exception {
        SymmetricKeyAttestation attestation = new SymmetricKeyAttestation("", "");
        IndividualEnrollment made =
                service.createOrUpdateIndividualEnrollment(new IndividualEnrollment("java-enrolled", attestation));
        talk.tell("enrolled", json(made.getRegistrationId()));
        talk.tell("enrollment", json(service.getIndividualEnrollment("java-enrolled").getProvisioningStatus().name()));
        var query =
                service.createIndividualEnrollmentQuery(
                        new QuerySpecificationBuilder("*", QuerySpecificationBuilder.FromType.ENROLLMENTS)
                                .createSqlQuery());
        talk.tell("enrollments", json(query.next().getItems().length));
        service.deleteIndividualEnrollment("java-enrolled");
        talk.tell("unenrolled");
    }

    private static void online(DeviceClient device, String text, String deviceId, Talk talk) throws Exception {
        BlockingQueue<String> messages = new LinkedBlockingQueue<>();
        device.setMessageCallback(
                (message, context) -> {
                    messages.add(new String(message.getBytes(), StandardCharsets.UTF_8));
                    return IotHubMessageResult.COMPLETE;
                },
                null);
        device.open(false);
        device.subscribeToMethods(
                (name, payload, context) -> new DirectMethodResponse(207, Map.of("done", name)), null);
        talk.tell("method", json(new DirectMethodsClient(text).invoke(deviceId, "blink").getStatus()));
        for (IotHubServiceClientProtocol protocol : IotHubServiceClientProtocol.values()) {
            MessagingClient messaging = new MessagingClient(text, protocol);
            messaging.open();
            messaging.send(deviceId, new Message("over " + protocol));
            talk.tell(protocol.name(), json(messages.poll(30, TimeUnit.SECONDS)));
            messaging.close();
        }
    }

    private static JsonElement json(Object value) {
        return new Gson().toJsonTree(value);
    }
}
