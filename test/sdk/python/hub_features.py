"""What a back end asks of a hub with Microsoft's azure-iot-hub, and a device that uploads a file with azure-iot-device.

The connection string of the hub is the first argument; each result is one line of JSON.
"""

import http.client
import json
import ssl
import sys
import time
from datetime import datetime, timezone

from azure.iot.device import IoTHubDeviceClient, MethodResponse
from azure.iot.hub import (
    DigitalTwinClient,
    IoTHubConfigurationManager,
    IoTHubHttpRuntimeManager,
    IoTHubJobManager,
    IoTHubRegistryManager,
)
from azure.iot.hub.models import (
    CloudToDeviceMethod,
    Configuration,
    ConfigurationContent,
    ConfigurationMetrics,
    QuerySpecification,
    Twin,
)
from azure.iot.hub.protocol.models import JobProperties, JobRequest

text = sys.argv[1]
host = text.split(";")[0].split("=", 1)[1]
device_id = "py-features"


def tell(name, value=True):
    print(json.dumps({name: value}, default=str), flush=True)


registry = IoTHubRegistryManager.from_connection_string(text)
key = registry.create_device_with_sas(device_id, "", "", "enabled").authentication.symmetric_key.primary_key
registry.update_twin(device_id, Twin(tags={"site": "Ulm"}), "*")
rows = registry.query_iot_hub(QuerySpecification(query="SELECT COUNT() AS n FROM devices WHERE tags.site = 'Ulm'"))
tell("count", rows.items[0].additional_properties)

device = IoTHubDeviceClient.create_from_connection_string(f"HostName={host};DeviceId={device_id};SharedAccessKey={key}")
device.connect()


def answer(request):
    response = {"name": request.name, "payload": request.payload}
    device.send_method_response(MethodResponse.create_from_method_request(request, 200, response))


device.on_method_request_received = answer

jobs = IoTHubJobManager.from_connection_string(text)


def job(job_id, **work):
    terms = {"query_condition": f"deviceId = '{device_id}'", "start_time": datetime.now(timezone.utc).isoformat()}
    request = JobRequest(job_id=job_id, max_execution_time_in_seconds=60, **{**terms, **work})
    return jobs.create_scheduled_job(job_id, request).status


def end_of(job_id):
    while jobs.get_scheduled_job(job_id).status in ("queued", "running"):
        time.sleep(0.1)
    found = jobs.get_scheduled_job(job_id)
    return [found.status, found.device_job_statistics.succeeded_count]


tell("jobs", [
    job("py-twin", type="scheduleUpdateTwin", update_twin=Twin(etag="*", tags={"floor": 2})),
    job("py-method", type="scheduleDeviceMethod", cloud_to_device_method=CloudToDeviceMethod(method_name="m", payload=1)),
    job("py-later", type="scheduleUpdateTwin", update_twin=Twin(etag="*"), start_time="2199-01-01T00:00:00Z"),
])
tell("cancelled", jobs.cancel_scheduled_job("py-later").status)
tell("ended", [end_of("py-twin"), end_of("py-method")])

configurations = IoTHubConfigurationManager.from_connection_string(text)
configurations.create_configuration(
    Configuration(
        id="py",
        content=ConfigurationContent(device_content={"properties.desired.speed": 3}),
        target_condition="tags.floor = 2",
        priority=1,
        metrics=ConfigurationMetrics(queries={"ulm": "SELECT deviceId FROM devices WHERE tags.site = 'Ulm'"}),
    )
)
found = configurations.get_configuration("py")
tell("configuration", [found.system_metrics.results, found.metrics.results])
found.priority = 2
tell("updated", configurations.update_configuration(found, found.etag).priority)
tell("listed", [each.id for each in configurations.get_configurations(10)])
configurations.delete_configuration("py")

twins = DigitalTwinClient.from_connection_string(text)
twins.update_digital_twin(device_id, [{"op": "add", "path": "/target", "value": 21}])
tell("digitalTwin", twins.get_digital_twin(device_id)["$metadata"]["target"]["desiredValue"])
tell("command", twins.invoke_command(device_id, "reboot", {"in": 1}))
tell("componentCommand", twins.invoke_component_command(device_id, "t1", "max", {"in": 2}))

target = device.get_storage_info_for_blob("dir/file.txt")
storage = http.client.HTTPSConnection(target["hostName"], context=ssl.create_default_context())
path = f"/{target['containerName']}/{target['blobName']}{target['sasToken']}"
storage.request("PUT", path, b"hello", {"x-ms-blob-type": "BlockBlob"})
tell("uploaded", storage.getresponse().status)
device.notify_blob_upload_status(target["correlationId"], True, 200, "OK")

tell("feedback", IoTHubHttpRuntimeManager.from_connection_string(text).receive_feedback_notification())
for name, call in {
    "modules": lambda: registry.get_modules(device_id),
    "export": lambda: jobs.create_import_export_job(JobProperties(type="export")),
}.items():
    try:
        tell(name, call())
    except Exception as error:
        tell(name, error.response.json()["Message"])
device.shutdown()
