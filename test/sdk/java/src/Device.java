import com.google.gson.Gson;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import com.microsoft.azure.sdk.iot.device.DeviceClient;
import com.microsoft.azure.sdk.iot.device.IotHubClientProtocol;
import com.microsoft.azure.sdk.iot.device.IotHubMessageResult;
import com.microsoft.azure.sdk.iot.device.Message;
import com.microsoft.azure.sdk.iot.device.twin.DirectMethodResponse;
import com.microsoft.azure.sdk.iot.device.twin.TwinCollection;
import com.microsoft.azure.sdk.iot.provisioning.device.AdditionalData;
import com.microsoft.azure.sdk.iot.provisioning.device.ProvisioningDeviceClient;
import com.microsoft.azure.sdk.iot.provisioning.device.ProvisioningDeviceClientRegistrationResult;
import com.microsoft.azure.sdk.iot.provisioning.device.ProvisioningDeviceClientTransportProtocol;
import com.microsoft.azure.sdk.iot.provisioning.security.SecurityProvider;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** A device: registers, then uses all features of its protocol at the hub. */
final class Device {
    private Device() {}

    static void run(JsonObject told, Talk talk) throws Exception {
        SecurityProvider security = Credential.of(told);
        ProvisioningDeviceClientRegistrationResult assigned = register(told, security);
        JsonObject registered = new JsonObject();
        registered.addProperty("status", assigned.getProvisioningDeviceClientStatus().name());
        registered.addProperty("assignedHub", assigned.getIothubUri());
        registered.addProperty("deviceId", assigned.getDeviceId());
        talk.tell("registered", registered);
        IotHubClientProtocol protocol = IotHubClientProtocol.valueOf(told.get("hubProtocol").getAsString());
        DeviceClient device = new DeviceClient(assigned.getIothubUri(), assigned.getDeviceId(), security, protocol);
        try {
            visit(device, protocol, talk);
        } finally {
            device.close();
            if (security instanceof SimulatedTpm) ((SimulatedTpm) security).close();
        }
    }

    private static ProvisioningDeviceClientRegistrationResult register(JsonObject told, SecurityProvider security)
            throws Exception {
        ProvisioningDeviceClient client =
                ProvisioningDeviceClient.create(
                        "global.azure-devices-provisioning.net",
                        told.get("idScope").getAsString(),
                        ProvisioningDeviceClientTransportProtocol.valueOf(told.get("protocol").getAsString()),
                        security);
        try {
            AdditionalData payload = new AdditionalData();
            payload.setProvisioningPayload("{\"model\":\"java\"}");
            return client.registerDeviceSync(payload);
        } finally {
            client.close();
        }
    }

    private static void visit(DeviceClient device, IotHubClientProtocol protocol, Talk talk) throws Exception {
        boolean isHttps = protocol == IotHubClientProtocol.HTTPS;
        // HTTPS supports messages only.
        CountDownLatch awaited = new CountDownLatch(isHttps ? 1 : 3);
        device.setMessageCallback(
                (message, context) -> {
                    talk.tell("message", describe(message));
                    awaited.countDown();
                    return IotHubMessageResult.COMPLETE;
                },
                null);
        device.open(false);
        device.sendEvent(telemetry());
        talk.tell("sent");
        if (!isHttps) listen(device, awaited, talk);
        talk.tell("listening");
        if (!awaited.await(30, TimeUnit.SECONDS)) throw new IllegalStateException(awaited.getCount() + " did not come");
    }

    private static void listen(DeviceClient device, CountDownLatch awaited, Talk talk) throws Exception {
        device.subscribeToDesiredProperties(
                (patch, context) -> {
                    talk.tell("desired", collection(patch.getDesiredProperties()));
                    awaited.countDown();
                },
                null);
        device.subscribeToMethods(
                (name, payload, context) -> {
                    JsonObject called = new JsonObject();
                    called.addProperty("name", name);
                    called.add("payload", payload.getPayloadAsJsonElement());
                    talk.tell("method", called);
                    awaited.countDown();
                    return new DirectMethodResponse(207, Map.of("done", name));
                },
                null);
        var twin = Answers.twin(device);
        JsonObject seen = new JsonObject();
        seen.add("desired", collection(twin.getDesiredProperties()));
        seen.add("reported", collection(twin.getReportedProperties()));
        talk.tell("twin", seen);
        TwinCollection reported = twin.getReportedProperties();
        reported.put("firmware", "1.0");
        int version = Answers.report(device, reported);
        talk.tell("patched", new JsonPrimitive(version));
    }

    private static JsonObject collection(TwinCollection properties) {
        JsonObject seen = new Gson().toJsonTree(properties).getAsJsonObject();
        seen.addProperty("$version", properties.getVersion());
        return seen;
    }

    private static Message telemetry() {
        Message message = new Message("{\"temperature\": 21.5}");
        message.setContentType("application/json");
        message.setContentEncoding("utf-8");
        message.setMessageId("m-1");
        message.setCorrelationId("c-1");
        message.setProperty("room", "north & south");
        return message;
    }

    private static JsonObject describe(Message message) {
        JsonObject seen = new JsonObject();
        seen.addProperty("body", new String(message.getBytes(), StandardCharsets.UTF_8));
        seen.addProperty("id", message.getMessageId());
        seen.addProperty("urgent", message.getProperty("urgent"));
        return seen;
    }
}
