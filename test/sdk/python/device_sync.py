"""A device with azure-iot-device, the synchronous clients: registers, then uses all features of the hub."""

import queue

import case
from azure.iot.device import IoTHubDeviceClient, MethodResponse, ProvisioningDeviceClient


def main():
    told = case.read()
    name, proof = case.credential(told)
    registering = getattr(ProvisioningDeviceClient, f"create_from_{name}")(**proof, **case.provisioning(told))
    registering.provisioning_payload = {"model": "sync"}
    result = registering.register()
    case.tell("registered", case.told_registration(result))
    state = result.registration_state
    device = getattr(IoTHubDeviceClient, f"create_from_{name}")(
        **proof, hostname=state.assigned_hub, device_id=state.device_id, websockets=told["websockets"]
    )
    device.connect()
    device.send_message(case.telemetry())
    case.tell("sent")
    case.tell("twin", device.get_twin())
    device.patch_twin_reported_properties({"firmware": "1.0", "gone": None})
    case.tell("patched", device.get_twin()["reported"])
    listen(device)
    device.shutdown()
    case.tell("done")


def listen(device):
    """Waits for a desired property, a method and a message."""
    awaited = queue.Queue()

    def on_method(request):
        case.tell("method", case.told_method(request))
        device.send_method_response(MethodResponse.create_from_method_request(request, 207, {"done": request.name}))
        awaited.put("method")

    def on(name, describe):
        def heard(thing):
            case.tell(name, describe(thing))
            awaited.put(name)

        return heard

    device.on_method_request_received = on_method
    device.on_twin_desired_properties_patch_received = on("desired", lambda patch: patch)
    device.on_message_received = on("message", case.told_message)
    case.tell("listening")
    for _ in range(3):
        awaited.get(timeout=30)


main()
