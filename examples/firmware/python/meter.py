#!/usr/bin/env python3
"""A meter that speaks MQTT with paho. It registers with its factory certificate, and DPS issues a certificate for the hub, valid for thirty
days. The meter sends a reading each day. Ten days before the end it asks its hub for a new certificate. If the certificate has expired, or
the hub refuses the meter, it registers again."""
import base64
import json
import os
import queue
import ssl
import subprocess
import sys
import time

import paho.mqtt.client as mqtt

ID = os.environ["REHEARSAL_REGISTRATION_ID"]
PORT = int(os.environ["REHEARSAL_MQTT_PORT"])
HOME = os.environ["HOME"]
FACTORY = (os.environ["REHEARSAL_CERT_FILE"], os.environ["REHEARSAL_KEY_FILE"])
ISSUED = (f"{HOME}/hub.pem", f"{HOME}/hub.key")
DAY = 86400


class Connection:
    """A connection that is open inside a `with` block."""

    def __init__(self, host, user, credential):
        version = (mqtt.CallbackAPIVersion.VERSION2,) if hasattr(mqtt, "CallbackAPIVersion") else ()
        self.events = queue.Queue()
        self.client = mqtt.Client(*version, client_id=ID)
        self.client.username_pw_set(user)
        self.client.tls_set(os.environ["REHEARSAL_CA_FILE"], *credential, cert_reqs=ssl.CERT_REQUIRED)
        # The code is a number in paho 1, and an object with a number in paho 2.
        self.client.on_connect = lambda *given: self.events.put(("connected", getattr(given[3], "value", given[3])))
        self.client.on_subscribe = lambda *_: self.events.put(("subscribed", None))
        self.client.on_message = lambda _client, _data, message: self.events.put(("message", message))
        self.client.on_publish = lambda *_: self.events.put(("published", None))
        self.client.on_disconnect = lambda *_: self.events.put(("disconnected", None))
        self.host = host

    def __enter__(self):
        self.client.connect(self.host, PORT, keepalive=60)
        self.client.loop_start()
        code = self.wait("connected")
        if code != 0:
            self.client.loop_stop()
            raise OSError(f"{self.host} refuses the connection with {code}")
        return self

    def __exit__(self, *_):
        self.client.disconnect()
        self.client.loop_stop()

    def wait(self, wanted, seconds=30):
        while True:
            try:
                kind, value = self.events.get(timeout=seconds)
            except queue.Empty:
                raise OSError(f"{self.host} does not answer") from None
            if kind == wanted:
                return value
            if kind == "disconnected":
                raise OSError(f"{self.host} ended the connection")


def certificate_request():
    """Makes a new key, and returns a request for its certificate: base64 of DER."""
    subprocess.run(["openssl", "ecparam", "-name", "secp384r1", "-genkey", "-noout", "-out", f"{HOME}/new.key"], check=True)
    request = ["openssl", "req", "-new", "-key", f"{HOME}/new.key", "-subj", f"/CN={ID}", "-outform", "DER"]
    return base64.b64encode(subprocess.run(request, check=True, stdout=subprocess.PIPE).stdout).decode()


def register():
    csr = certificate_request()
    user = f"{os.environ['REHEARSAL_ID_SCOPE']}/registrations/{ID}/api-version=2026-11-01"
    with Connection(os.environ["REHEARSAL_DPS_HOST"], user, FACTORY) as dps:
        dps.client.subscribe("$dps/registrations/res/#", 1)
        dps.wait("subscribed")
        topic = "$dps/registrations/PUT/iotdps-register/?$rid=1"
        body = json.dumps({"registrationId": ID, "csr": csr})
        while True:
            dps.client.publish(topic, body, 1)
            answer = dps.wait("message")
            state = json.loads(answer.payload)
            if not answer.topic.startswith("$dps/registrations/res/20"):
                raise OSError(f"DPS refuses the registration: {state}")
            if state["status"] == "assigned":
                assigned = state["registrationState"]
                return keep("registered", assigned["issuedCertificateChain"], assigned["assignedHub"])
            time.sleep(3)
            operation = state["operationId"]
            topic = f"$dps/registrations/GET/iotdps-get-operationstatus/?$rid=2&operationId={operation}"
            body = ""


def renew():
    """Asks the hub for a certificate. It answers 202, and 200 with the chain when the certificate is ready."""
    csr = certificate_request()
    hub = assigned_hub()
    with Connection(hub, f"{hub}/{ID}/?api-version=2025-08-01-preview", ISSUED) as connection:
        connection.client.subscribe("$iothub/credentials/res/#", 1)
        connection.wait("subscribed")
        topic = "$iothub/credentials/POST/issueCertificate/?$rid=1"
        connection.client.publish(topic, json.dumps({"id": ID, "csr": csr}), 1)
        while True:
            answer = connection.wait("message", 3600)
            body = json.loads(answer.payload)
            status = answer.topic.split("/")[3]
            if status == "200":
                return keep("renewed", body["certificates"], hub)
            if status != "202":
                raise OSError(f"{hub} refuses the renewal: {body}")


def keep(how, chain, hub):
    with open(ISSUED[0], "w") as file:
        for der in chain:
            file.write(ssl.DER_cert_to_PEM_cert(base64.b64decode(der)))
    os.rename(f"{HOME}/new.key", ISSUED[1])
    with open(f"{HOME}/hub", "w") as file:
        file.write(hub)
    print(how, "at", hub, flush=True)


def assigned_hub():
    with open(f"{HOME}/hub") as file:
        return file.read()


def is_valid(days):
    if not os.path.exists(ISSUED[0]):
        return False
    check = ["openssl", "x509", "-in", ISSUED[0], "-noout", "-checkend", str(days * DAY)]
    return subprocess.run(check, stdout=subprocess.DEVNULL).returncode == 0


def send():
    hub = assigned_hub()
    with Connection(hub, f"{hub}/{ID}/?api-version=2021-04-12", ISSUED) as connection:
        connection.client.publish(f"devices/{ID}/messages/events/", json.dumps({"kWh": 1}), 1)
        connection.wait("published")


next_reading = time.time()
while True:
    try:
        if not is_valid(0):
            register()
        elif not is_valid(10):
            renew()
        send()
        # A sleep of a day after each reading would make every reading later than the one before.
        next_reading += DAY
        time.sleep(max(0, next_reading - time.time()))
    except OSError as error:
        print(error, file=sys.stderr, flush=True)
        if os.path.exists(ISSUED[0]):
            os.remove(ISSUED[0])
        time.sleep(60)
