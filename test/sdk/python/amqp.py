"""AMQP with uamqp alone, over TLS or in a WebSocket: a device sends and receives, the back end sends to it."""

import json
import sys

import uamqp
from uamqp import TransportType, authentication

told = json.loads(sys.argv[1])
host, device = told["host"], told["deviceId"]
transport = TransportType.AmqpOverWebsocket if told["websockets"] else TransportType.Amqp


def plain(user, token):
    """The user name selects the hub, and the password is a shared access signature."""
    return authentication.SASLPlain(host, user, token, transport_type=transport)


def as_device():
    return plain(f"{device}@sas.{host.split('.')[0]}", told["deviceToken"])


def tell(name, value):
    print(json.dumps({name: value}), flush=True)


def send(path, auth, message):
    client = uamqp.SendClient(f"amqps://{host}{path}", auth=auth)
    client.queue_message(message)
    outcomes = client.send_all_messages()
    return [outcome.name for outcome in outcomes]


def receive():
    client = uamqp.ReceiveClient(f"amqps://{host}/devices/{device}/messages/devicebound", auth=as_device(), timeout=20000)
    try:
        for message in client.receive_messages_iter():
            body = b"".join(message.get_data()).decode()
            properties = {key.decode(): value.decode() for key, value in message.application_properties.items()}
            accepted = message.accept()
            return {"body": body, "properties": properties, "accepted": accepted}
    finally:
        client.close()


telemetry = uamqp.Message(b'{"temperature": 21.5}', application_properties={"room": "north"})
tell("send", send(f"/devices/{device}/messages/events", as_device(), telemetry))
command = uamqp.Message(b"open", application_properties={"urgent": "yes"})
command.properties = uamqp.message.MessageProperties(to=f"/devices/{device}/messages/devicebound", message_id="c2d-1")
policy = f"{told['policy']}@sas.root.{host.split('.')[0]}"
tell("c2d", send("/messages/devicebound", plain(policy, told["serviceToken"]), command))
tell("receive", receive())
