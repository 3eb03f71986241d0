"""The back end of a hub with azure-iot-hub: each of its calls once, modules excluded, with a device of azure-iot-device online."""

import base64
import json
import sys
import threading
import time

from azure.iot.device import IoTHubDeviceClient, MethodResponse
from azure.iot.hub import DigitalTwinClient, IoTHubConfigurationManager, IoTHubHttpRuntimeManager, IoTHubJobManager
from azure.iot.hub import IoTHubRegistryManager
from azure.iot.hub.models import (
    CloudToDeviceMethod,
    Configuration,
    ConfigurationContent,
    ConfigurationQueriesTestInput,
    ExportImportDevice,
    JobProperties,
    JobRequest,
    QuerySpecification,
    Twin,
    TwinProperties,
)
from uamqp import TransportType

text, host, thumbprint, container = sys.argv[1:5]
registry = IoTHubRegistryManager.from_connection_string(text)
configurations = IoTHubConfigurationManager.from_connection_string(text)
jobs = IoTHubJobManager.from_connection_string(text)
runtime = IoTHubHttpRuntimeManager.from_connection_string(text)
digital = DigitalTwinClient.from_connection_string(text)
first, second = (base64.b64encode(letter * 32).decode() for letter in (b"1", b"2"))
# The name of the SDK's option for a model ID.
MODEL = "dtmi:com:example:Thermostat;1"


def call(name, work):
    """Prints the result of a call, or its error."""
    try:
        result = work()
    except Exception as problem:  # whatever the SDK raises is what the test has to see
        answer = getattr(problem, "response", None)
        result = {"failed": f"{type(problem).__name__}: {problem} {answer.text if answer is not None else ''}"}
    print(json.dumps({name: result}, default=str), flush=True)
    return result


def device_told(device):
    told = {"deviceId": device.device_id, "status": device.status, "type": device.authentication.type}
    if device.authentication.symmetric_key:
        told["key"] = device.authentication.symmetric_key.primary_key
    if device.authentication.x509_thumbprint:
        told["thumbprint"] = device.authentication.x509_thumbprint.primary_thumbprint
    return told


def twin_told(twin):
    return {"tags": twin.tags, "desired": twin.properties.desired if twin.properties else None}


def identities():
    call("create_device_with_sas", lambda: device_told(registry.create_device_with_sas("sas", first, second, "enabled")))
    call(
        "create_device_with_x509",
        lambda: device_told(registry.create_device_with_x509("x509", thumbprint, thumbprint, "enabled")),
    )
    call(
        "create_device_with_certificate_authority",
        lambda: device_told(registry.create_device_with_certificate_authority("ca", "enabled")),
    )
    call(
        "create_device_with_sas of an edge device",
        lambda: bool(registry.create_device_with_sas("edge", first, second, "enabled", iot_edge=True).device_scope),
    )
    etag = registry.get_device("sas").etag
    call(
        "update_device_with_sas",
        lambda: device_told(registry.update_device_with_sas("sas", etag, second, first, "disabled", status_reason="lost")),
    )
    etag = registry.get_device("x509").etag
    call(
        "update_device_with_x509",
        lambda: device_told(registry.update_device_with_x509("x509", etag, thumbprint, thumbprint, "disabled")),
    )
    etag = registry.get_device("ca").etag
    call(
        "update_device_with_certificate_authority",
        lambda: device_told(registry.update_device_with_certificate_authority("ca", etag, "disabled")),
    )
    call("get_device", lambda: device_told(registry.get_device("sas")))
    call("get_devices", lambda: sorted(device.device_id for device in registry.get_devices()))
    bulk = [ExportImportDevice(id="bulk-1", status="enabled"), ExportImportDevice(id="bulk-2", status="enabled")]
    call("bulk_create_or_update_devices", lambda: registry.bulk_create_or_update_devices(bulk).is_successful)
    call("get_device_registry_statistics", lambda: registry.get_device_registry_statistics().total_device_count)
    call("delete_device", lambda: [registry.delete_device(id) for id in ["bulk-1", "bulk-2"]])


def twins():
    call("get_twin", lambda: twin_told(registry.get_twin("online")))
    patch = Twin(tags={"site": "lab"}, properties=TwinProperties(desired={"rate": 5}))
    call("update_twin", lambda: twin_told(registry.update_twin("online", patch, "*")))
    whole = Twin(tags={"site": "field"}, properties=TwinProperties(desired={"rate": 6}))
    call("replace_twin", lambda: twin_told(registry.replace_twin("online", whole, "*")))
    query = QuerySpecification(query="SELECT * FROM devices WHERE tags.site = 'field'")
    call("query_iot_hub", lambda: [twin.device_id for twin in registry.query_iot_hub(query, None, 10).items])


def online(device):
    method = CloudToDeviceMethod(method_name="blink", payload={"times": 3}, response_timeout_in_seconds=20)

    def invoke():
        result = registry.invoke_device_method("online", method)
        return {"status": result.status, "payload": result.payload}

    call("invoke_device_method", invoke)
    call("get_service_statistics", lambda: registry.get_service_statistics().connected_device_count)
    heard = threading.Event()
    got = []

    def on_message(message):
        got.append({"body": message.data.decode(), "id": message.message_id, "properties": message.custom_properties})
        heard.set()

    device.on_message_received = on_message
    properties = {"messageId": "c2d-1", "ack": "full", "urgent": "yes"}

    def send(manager):
        heard.clear()
        manager.send_c2d_message("online", "open", properties)
        if not heard.wait(20):
            raise TimeoutError("the message did not reach the device")
        return got.pop()

    call("send_c2d_message", lambda: send(registry))
    over = IoTHubRegistryManager.from_connection_string(text, TransportType.AmqpOverWebsocket)
    call("send_c2d_message over a WebSocket", lambda: send(over))
    call("receive_feedback_notification", lambda: runtime.receive_feedback_notification())
    call("get_digital_twin", lambda: digital.get_digital_twin("online"))
    patch = [{"op": "add", "path": "/target", "value": 21}]
    call("update_digital_twin", lambda: digital.update_digital_twin("online", patch))
    call("get_digital_twin after the patch", lambda: digital.get_digital_twin("online"))
    call("invoke_command", lambda: digital.invoke_command("online", "reboot", {"delay": 1}))
    call("invoke_component_command", lambda: digital.invoke_component_command("online", "probe", "read", {"n": 1}))


def configuration_calls():
    content = ConfigurationContent(device_content={"properties.desired.mode": {"night": True}})
    made = Configuration(
        id="night", schema_version="1.0", content=content, target_condition="tags.site='field'", priority=10, etag="*"
    )
    call("create_configuration", lambda: configurations.create_configuration(made).id)
    call("get_configuration", lambda: configurations.get_configuration("night").target_condition)
    call("get_configurations", lambda: [one.id for one in configurations.get_configurations(10)])

    def update():
        now = configurations.get_configuration("night")
        now.priority = 20
        return configurations.update_configuration(now, now.etag).priority

    call("update_configuration", update)
    asked = ConfigurationQueriesTestInput(target_condition="tags.site='field'", custom_metric_queries={})
    call(
        "test_configuration_queries", lambda: configurations.test_configuration_queries(asked).target_condition_error
    )
    modules = {"$edgeAgent": {"properties.desired": {}}, "$edgeHub": {"properties.desired": {}}}
    edge = ConfigurationContent(modules_content=modules)
    call(
        "apply_configuration_on_edge_device",
        lambda: configurations.apply_configuration_on_edge_device("edge", edge) or "applied",
    )
    call("delete_configuration", lambda: configurations.delete_configuration("night"))


def job_calls():
    update = JobRequest(
        job_id="job-1",
        type="scheduleUpdateTwin",
        update_twin=Twin(etag="*", tags={"site": "job"}),
        query_condition="deviceId = 'online'",
        start_time=time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
        max_execution_time_in_seconds=60,
    )
    call("create_scheduled_job", lambda: jobs.create_scheduled_job("job-1", update).job_id)
    call("get_scheduled_job", lambda: jobs.get_scheduled_job("job-1").type)
    call("query_scheduled_jobs", lambda: [type(page).__name__ for page in [jobs.query_scheduled_jobs(None, None)]])
    later = JobRequest(
        job_id="job-2",
        type="scheduleUpdateTwin",
        update_twin=Twin(etag="*", tags={"site": "later"}),
        query_condition="deviceId = 'online'",
        start_time=time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() + 3600)),
        max_execution_time_in_seconds=60,
    )
    jobs.create_scheduled_job("job-2", later)
    call("cancel_scheduled_job", lambda: jobs.cancel_scheduled_job("job-2").status)
    export = JobProperties(type="export", output_blob_container_uri=container, exclude_keys_in_export=True)
    made = call("create_import_export_job", lambda: jobs.create_import_export_job(export).job_id)
    call("get_import_export_jobs", lambda: [job.job_id for job in jobs.get_import_export_jobs()] == [made])
    call("get_import_export_job", lambda: jobs.get_import_export_job(made).type)
    call("cancel_import_export_job", lambda: type(jobs.cancel_import_export_job(made)).__name__)


def main():
    identities()
    registry.create_device_with_sas("online", first, second, "enabled")
    place = f"HostName={host};DeviceId=online;SharedAccessKey={first}"
    device = IoTHubDeviceClient.create_from_connection_string(place, product_info=MODEL)
    device.connect()

    def on_method(request):
        device.send_method_response(MethodResponse.create_from_method_request(request, 207, {"done": request.name}))

    device.on_method_request_received = on_method
    twins()
    online(device)
    configuration_calls()
    job_calls()
    device.shutdown()
    print(json.dumps({"done": True}), flush=True)


main()
