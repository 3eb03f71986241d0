"""Input and output of the programs in this folder: JSON on the command line, JSON lines on standard output."""

import json
import sys
import threading

from azure.iot.device import X509, Message

_output = threading.Lock()


def read():
    """The case: idScope, registrationId, websockets, and either key or cert and certKey (paths)."""
    return json.loads(sys.argv[1])


def tell(name, value=True):
    """Writes one line. The SDK calls back on its own threads."""
    with _output:
        print(json.dumps({name: value}), flush=True)


def credential(case):
    """The suffix of the names of the SDK's factory methods, and their arguments."""
    if "key" in case:
        return "symmetric_key", {"symmetric_key": case["key"]}
    return "x509_certificate", {"x509": X509(cert_file=case["cert"], key_file=case["certKey"])}


def provisioning(case):
    """The options of a provisioning client."""
    return {
        "provisioning_host": "global.azure-devices-provisioning.net",
        "registration_id": case["registrationId"],
        "id_scope": case["idScope"],
        "websockets": case["websockets"],
    }


def told_registration(result):
    state = result.registration_state
    return {
        "status": result.status,
        "assignedHub": state.assigned_hub,
        "deviceId": state.device_id,
        "payload": state.response_payload,
    }


def telemetry():
    """A message with all properties that the SDK supports."""
    message = Message(json.dumps({"temperature": 21.5}), content_encoding="utf-8", content_type="application/json")
    message.message_id = "m-1"
    message.correlation_id = "c-1"
    message.custom_properties["room"] = "north & south"
    return message


def told_message(message):
    return {"body": message.data.decode(), "id": message.message_id, "properties": message.custom_properties}


def told_method(request):
    return {"name": request.name, "payload": request.payload}
