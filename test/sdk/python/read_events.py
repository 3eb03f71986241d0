"""Reads telemetry with Microsoft's azure-eventhub, as a back end does.

The job comes as JSON in the first argument; what is found goes out as one line of JSON each: properties, ready, event, error,
count. It ends after `count` events. The words are those of test/sdk/node/read-events.mjs.
"""

import json
import os
import sys
import threading
from datetime import datetime, timezone

from azure.eventhub import EventHubConsumerClient, TransportType

job = json.loads(sys.argv[1])


def plain(value):
    if isinstance(value, bytes):
        return value.decode("utf-8", "replace")
    if isinstance(value, dict):
        return {plain(key): plain(each) for key, each in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(each) for each in value]
    if isinstance(value, datetime):
        return value.isoformat()
    return value


def say(**line):
    print(json.dumps(plain(line), default=str), flush=True)


position = job.get("position", "-1")
if isinstance(position, dict) and "enqueuedOn" in position:
    position = datetime.fromtimestamp(position["enqueuedOn"] / 1000, timezone.utc)
elif isinstance(position, dict):
    position = position.get("sequenceNumber", position.get("offset"))

client = EventHubConsumerClient.from_connection_string(
    job["connectionString"],
    consumer_group=job["consumerGroup"],
    custom_endpoint_address=job.get("customEndpoint"),
    connection_verify=os.environ["ROOT_PEM"],
    transport_type=TransportType.AmqpOverWebsocket if job.get("transport") == "amqp-ws" else TransportType.Amqp,
    uamqp_transport=job.get("uamqp", False),
    retry_total=0,
)
partition = job.get("partitionId", "0")
done = threading.Event()
count = 0


def on_event(context, event):
    global count
    if event is None or done.is_set():
        return
    count += 1
    if not job.get("isQuiet"):
        say(
            event={
                "body": event.body_as_str(),
                "properties": event.properties,
                "systemProperties": event.system_properties,
                "sequenceNumber": event.sequence_number,
                "offset": event.offset,
                "enqueuedTime": event.enqueued_time,
                "partitionKey": event.partition_key,
                "messageId": event.message_id,
                "correlationId": event.correlation_id,
                "contentType": event.content_type,
                "contentEncoding": event.raw_amqp_message.properties.content_encoding,
                "userId": event.raw_amqp_message.properties.user_id,
            }
        )
    if job.get("tracks"):
        say(tracked=context.last_enqueued_event_properties)
    if count >= job["count"]:
        say(count=count)
        done.set()


def on_error(context, error):
    say(error={"name": type(error).__name__, "message": str(error)})
    done.set()


def receive():
    try:
        client.receive(
            on_event=on_event,
            on_error=on_error,
            on_partition_initialize=lambda context: say(ready=True),
            partition_id=partition,
            starting_position=position,
            starting_position_inclusive=job.get("position", {}).get("isInclusive", False)
            if isinstance(job.get("position"), dict)
            else False,
            owner_level=job.get("ownerLevel"),
            track_last_enqueued_event_properties=job.get("tracks", False),
            max_wait_time=1,
        )
    except Exception as error:
        on_error(None, error)


try:
    if job.get("properties"):
        say(
            properties={
                "hub": client.get_eventhub_properties(),
                "partitionIds": client.get_partition_ids(),
                "partition": client.get_partition_properties(partition),
            }
        )
    if job["count"] > 0:
        thread = threading.Thread(target=receive, daemon=True)
        thread.start()
        done.wait()
except Exception as error:
    say(error={"name": type(error).__name__, "message": str(error)})
client.close()
