#!/usr/bin/env python3
"""A meter that sends a reading every six hours, over HTTPS and without a library. TIMER_BITS is the size of its millisecond counter."""
import http.client
import json
import os
import ssl
import sys
import time

ID = os.environ["REHEARSAL_REGISTRATION_ID"]
PORT = int(os.environ["REHEARSAL_HTTPS_PORT"])
BITS = int(os.environ.get("TIMER_BITS", "32"))
INTERVAL = 6 * 3600 * 1000

tls = ssl.create_default_context(cafile=os.environ["REHEARSAL_CA_FILE"])
tls.load_cert_chain(os.environ["REHEARSAL_CERT_FILE"], os.environ["REHEARSAL_KEY_FILE"])


def millis():
    """Milliseconds since the start, as a signed integer of a microcontroller."""
    count = time.monotonic_ns() // 1_000_000
    return (count + 2 ** (BITS - 1)) % 2**BITS - 2 ** (BITS - 1)


def call(host, method, path, body):
    connection = http.client.HTTPSConnection(host, PORT, context=tls, timeout=30)
    try:
        connection.request(method, path, json.dumps(body), {"Content-Type": "application/json"})
        answer = connection.getresponse()
        text = answer.read().decode()
        if answer.status >= 300:
            raise OSError(f"{host} answers {answer.status}: {text}")
        return json.loads(text) if text else {}
    finally:
        connection.close()


def register():
    base = f"/{os.environ['REHEARSAL_ID_SCOPE']}/registrations/{ID}"
    host = os.environ["REHEARSAL_DPS_HOST"]
    answer = call(host, "PUT", f"{base}/register?api-version=2021-06-01", {"registrationId": ID})
    while answer["status"] == "assigning":
        time.sleep(3)
        answer = call(host, "GET", f"{base}/operations/{answer['operationId']}?api-version=2021-06-01", None)
    return answer["registrationState"]["assignedHub"]


def main():
    hub = None
    next_reading = millis()
    while True:
        if millis() >= next_reading:
            try:
                hub = hub or register()
                call(hub, "POST", f"/devices/{ID}/messages/events?api-version=2021-04-12", {"kWh": 1})
                next_reading = millis() + INTERVAL
            except OSError as error:
                print(error, file=sys.stderr, flush=True)
                hub = None
                next_reading = millis() + 60_000
        time.sleep(max(1, (next_reading - millis()) / 1000))


main()
