"""Asks DPS over MQTT with libmosquitto, which is under the clients of Mosquitto, on one connection: what those cannot,
because none of them subscribes with a wildcard and publishes as well. Prints each answer as a line of JSON.

Arguments: port, file of the root, client ID, user name, then `--password P` or `--certificate CERT KEY`.
Registers, then polls the operation until it has ended."""

import ctypes
import json
import sys


class Message(ctypes.Structure):
    """struct mosquitto_message of mosquitto.h."""

    _fields_ = [
        ("mid", ctypes.c_int),
        ("topic", ctypes.c_char_p),
        ("payload", ctypes.c_void_p),
        ("payloadlen", ctypes.c_int),
        ("qos", ctypes.c_int),
        ("retain", ctypes.c_bool),
    ]


ON_CODE = ctypes.CFUNCTYPE(None, ctypes.c_void_p, ctypes.c_void_p, ctypes.c_int)
ON_SUBSCRIBED = ctypes.CFUNCTYPE(
    None, ctypes.c_void_p, ctypes.c_void_p, ctypes.c_int, ctypes.c_int, ctypes.POINTER(ctypes.c_int)
)
ON_MESSAGE = ctypes.CFUNCTYPE(None, ctypes.c_void_p, ctypes.c_void_p, ctypes.POINTER(Message))

library = ctypes.CDLL("libmosquitto.so.1")
library.mosquitto_new.restype = ctypes.c_void_p
library.mosquitto_strerror.restype = ctypes.c_char_p

port, root, client_id, user_name, *proof = (word.encode() for word in sys.argv[1:])
is_certificate = proof[0] == b"--certificate"


def must(code):
    if code != 0:
        raise SystemExit(f"libmosquitto: {library.mosquitto_strerror(code).decode()}")


def publish(topic, text):
    must(library.mosquitto_publish(client, None, topic.encode(), len(text), text.encode(), 1, False))


def connected(_client, _object, code):
    print(json.dumps({"connack": code}), flush=True)
    if code == 0:
        must(library.mosquitto_subscribe(client, None, b"$dps/registrations/res/#", 1))
    else:
        leave()


def subscribed(_client, _object, _mid, count, granted):
    print(json.dumps({"granted": granted[:count]}), flush=True)
    body = json.dumps({"registrationId": client_id.decode()})
    publish("$dps/registrations/PUT/iotdps-register/?$rid=1", body)


def answered(_client, _object, pointer):
    message = pointer.contents
    topic = message.topic.decode()
    body = json.loads(ctypes.string_at(message.payload, message.payloadlen))
    print(json.dumps({"topic": topic, "body": body}), flush=True)
    if topic.split("/")[3] == "202":
        operation = body["operationId"]
        publish(f"$dps/registrations/GET/iotdps-get-operationstatus/?$rid=2&operationId={operation}", " ")
    else:
        leave()


def leave():
    global is_done
    is_done = True


is_done = False
library.mosquitto_lib_init()
client = ctypes.c_void_p(library.mosquitto_new(client_id, True, None))
must(library.mosquitto_username_pw_set(client, user_name, None if is_certificate else proof[1]))
certificate, key = (proof[1], proof[2]) if is_certificate else (None, None)
must(library.mosquitto_tls_set(client, root, None, certificate, key, None))
# Kept in variables, because ctypes does not keep references to callbacks.
on_connect, on_subscribe, on_message = ON_CODE(connected), ON_SUBSCRIBED(subscribed), ON_MESSAGE(answered)
library.mosquitto_connect_callback_set(client, on_connect)
library.mosquitto_subscribe_callback_set(client, on_subscribe)
library.mosquitto_message_callback_set(client, on_message)
must(library.mosquitto_connect(client, b"localhost", int(port), 60))
while not is_done:
    code = library.mosquitto_loop(client, 1000, 1)
    if not is_done:
        must(code)
library.mosquitto_disconnect(client)
