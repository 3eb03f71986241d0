import com.microsoft.azure.sdk.iot.device.DeviceClient;
import com.microsoft.azure.sdk.iot.device.Message;
import com.microsoft.azure.sdk.iot.device.exceptions.IotHubClientException;
import com.microsoft.azure.sdk.iot.device.transport.IotHubTransportMessage;
import com.microsoft.azure.sdk.iot.device.twin.GetTwinCorrelatingMessageCallback;
import com.microsoft.azure.sdk.iot.device.twin.ReportedPropertiesUpdateCorrelatingMessageCallback;
import com.microsoft.azure.sdk.iot.device.twin.ReportedPropertiesUpdateResponse;
import com.microsoft.azure.sdk.iot.device.twin.Twin;
import com.microsoft.azure.sdk.iot.device.twin.TwinCollection;
import com.microsoft.azure.sdk.iot.device.IotHubStatusCode;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * Twin calls that are finished when their answer is acknowledged. The SDK's own `getTwin()` waits for another callback, and
 * loses it at times: its receiving thread may forget the request before its network thread looks for it
 * (`IotHubTransport.onMessageReceived` puts the message into a queue first, and `acknowledgeReceivedMessage` removes the callback).
 */
final class Answers {
    private static final int SECONDS = 30;

    private Answers() {}

    static Twin twin(DeviceClient device) throws Exception {
        CompletableFuture<Twin> answer = new CompletableFuture<>();
        device.getTwinAsync(
                new GetTwinCorrelatingMessageCallback() {
                    public void onRequestQueued(Message message, Object context) {}

                    public void onRequestSent(Message message, Object context) {}

                    public void onRequestAcknowledged(Message message, Object context, IotHubClientException problem) {
                        if (problem != null) answer.completeExceptionally(problem);
                    }

                    public void onResponseReceived(
                            Twin twin, Message message, Object context, IotHubStatusCode status, IotHubClientException problem) {
                        if (problem != null) answer.completeExceptionally(problem);
                    }

                    public void onResponseAcknowledged(Message message, Object context) {
                        String json = new String(message.getBytes(), StandardCharsets.UTF_8);
                        answer.complete(Twin.createFromPropertiesJson(json));
                    }
                },
                null);
        return answer.get(SECONDS, TimeUnit.SECONDS);
    }

    /** Returns the version that the reported properties have then. */
    static int report(DeviceClient device, TwinCollection properties) throws Exception {
        CompletableFuture<Integer> answer = new CompletableFuture<>();
        device.updateReportedPropertiesAsync(
                properties,
                new ReportedPropertiesUpdateCorrelatingMessageCallback() {
                    public void onRequestQueued(Message message, Object context) {}

                    public void onRequestSent(Message message, Object context) {}

                    public void onRequestAcknowledged(Message message, Object context, IotHubClientException problem) {
                        if (problem != null) answer.completeExceptionally(problem);
                    }

                    public void onResponseReceived(
                            Message message,
                            Object context,
                            IotHubStatusCode status,
                            ReportedPropertiesUpdateResponse response,
                            IotHubClientException problem) {
                        if (problem != null) answer.completeExceptionally(problem);
                    }

                    public void onResponseAcknowledged(Message message, Object context) {
                        answer.complete(((IotHubTransportMessage) message).getVersion());
                    }
                },
                null);
        return answer.get(SECONDS, TimeUnit.SECONDS);
    }
}
