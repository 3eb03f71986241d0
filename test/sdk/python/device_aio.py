"""A device with azure-iot-device, the asyncio clients: registers, then uses all features of the hub."""

import asyncio

import case
from azure.iot.device import MethodResponse
from azure.iot.device.aio import IoTHubDeviceClient, ProvisioningDeviceClient


async def main():
    told = case.read()
    name, proof = case.credential(told)
    registering = getattr(ProvisioningDeviceClient, f"create_from_{name}")(**proof, **case.provisioning(told))
    registering.provisioning_payload = {"model": "aio"}
    result = await registering.register()
    case.tell("registered", case.told_registration(result))
    state = result.registration_state
    device = getattr(IoTHubDeviceClient, f"create_from_{name}")(
        **proof, hostname=state.assigned_hub, device_id=state.device_id, websockets=told["websockets"]
    )
    await device.connect()
    await device.send_message(case.telemetry())
    case.tell("sent")
    case.tell("twin", await device.get_twin())
    await device.patch_twin_reported_properties({"firmware": "1.0", "gone": None})
    case.tell("patched", (await device.get_twin())["reported"])
    await listen(device)
    await device.shutdown()
    case.tell("done")


async def listen(device):
    """Waits for a desired property, a method and a message."""
    awaited = asyncio.Queue()
    loop = asyncio.get_running_loop()

    def count(name):
        # The SDK runs these on its own event loop.
        loop.call_soon_threadsafe(awaited.put_nowait, name)

    async def on_method(request):
        case.tell("method", case.told_method(request))
        await device.send_method_response(MethodResponse.create_from_method_request(request, 207, {"done": request.name}))
        count("method")

    def on(name, describe):
        async def heard(thing):
            case.tell(name, describe(thing))
            count(name)

        return heard

    device.on_method_request_received = on_method
    device.on_twin_desired_properties_patch_received = on("desired", lambda patch: patch)
    device.on_message_received = on("message", case.told_message)
    case.tell("listening")
    for _ in range(3):
        await asyncio.wait_for(awaited.get(), 30)


asyncio.run(main())
