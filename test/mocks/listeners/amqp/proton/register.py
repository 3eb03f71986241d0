"""Registers one device with DPS over AMQP, with Qpid Proton: a client that shares no line with ours.

Usage: register.py PORT CA_FILE ID_SCOPE REGISTRATION_ID (--token TOKEN | --certificate PEM_FILE KEY_FILE)

Prints one line of JSON for each answer, and for a rejection its condition and description.
"""

import json
import sys
import uuid

from proton import Message, SSLDomain, symbol
from proton.handlers import MessagingHandler
from proton.reactor import Container, LinkOption

PORT, CA_FILE, ID_SCOPE, REGISTRATION_ID, PROOF, *SHOWN = sys.argv[1:]
ADDRESS = f"{ID_SCOPE}/registrations/{REGISTRATION_ID}"


class ApiVersion(LinkOption):
    def apply(self, link):
        link.properties = {symbol("com.microsoft:api-version"): "2019-03-31"}


class Registration(MessagingHandler):
    def __init__(self):
        super().__init__(auto_accept=True)
        self.sender = None
        self.asked = None
        self.left = [{"iotdps-operation-type": "iotdps-register"}]

    def on_start(self, event):
        domain = SSLDomain(SSLDomain.MODE_CLIENT)
        domain.set_trusted_ca_db(CA_FILE)
        domain.set_peer_authentication(SSLDomain.VERIFY_PEER_NAME)
        login = {"sasl_enabled": False}
        if PROOF == "--token":
            login = {"user": ADDRESS, "password": SHOWN[0], "allowed_mechs": "PLAIN"}
        else:
            domain.set_credentials(SHOWN[0], SHOWN[1], None)
        connection = event.container.connect(
            f"amqps://localhost:{PORT}", ssl_domain=domain, reconnect=False, **login
        )
        event.container.create_receiver(connection, ADDRESS, options=ApiVersion())
        self.sender = event.container.create_sender(connection, ADDRESS, options=ApiVersion())

    def on_sendable(self, event):
        if self.left:
            self.ask(self.left.pop())

    def ask(self, properties):
        self.asked = uuid.uuid4()
        body = json.dumps({"registrationId": REGISTRATION_ID}).encode()
        message = Message(properties=properties, correlation_id=self.asked, body=body, inferred=True)
        self.sender.send(message)

    def on_message(self, event):
        message = event.message
        answer = json.loads(bytes(message.body).decode())
        same = message.correlation_id == self.asked
        print(json.dumps({"answer": answer, "sameCorrelation": same, "properties": message.properties}), flush=True)
        if answer["status"] != "assigning":
            event.connection.close()
            return
        self.ask({"iotdps-operation-type": "iotdps-get-operationstatus", "iotdps-operation-id": answer["operationId"]})

    def on_rejected(self, event):
        condition = event.delivery.remote.condition
        print(json.dumps({"condition": condition.name, "description": condition.description}), flush=True)
        event.connection.close()

    def on_transport_error(self, event):
        print(json.dumps({"transport": str(event.transport.condition)}), flush=True)


Container(Registration()).run()
