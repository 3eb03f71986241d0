/*
 * A device with Eclipse Paho for C, without an SDK of Azure: connects to a hub, subscribes, sends a message and prints the message that the
 * back end sends to it. paho HOST PORT ROOT DEVICE_ID USER PASSWORD
 */
#include <MQTTClient.h>
#include <stdio.h>
#include <string.h>

static int check(const char *what, int code)
{
    if (code != MQTTCLIENT_SUCCESS) fprintf(stderr, "%s: %d\n", what, code);
    return code == MQTTCLIENT_SUCCESS;
}

int main(int count, char **words)
{
    if (count != 7) return 2;
    char place[256], topic[256];
    snprintf(place, sizeof place, "ssl://%s:%s", words[1], words[2]);
    snprintf(topic, sizeof topic, "devices/%s/messages/events/room=7", words[4]);

    MQTTClient client;
    MQTTClient_SSLOptions tls = MQTTClient_SSLOptions_initializer;
    tls.trustStore = words[3];
    tls.verify = 1;
    MQTTClient_connectOptions options = MQTTClient_connectOptions_initializer;
    options.MQTTVersion = MQTTVERSION_3_1_1;
    options.cleansession = 0;
    options.username = words[5];
    options.password = words[6];
    options.ssl = &tls;

    if (!check("create", MQTTClient_create(&client, place, words[4], MQTTCLIENT_PERSISTENCE_NONE, NULL))) return 1;
    if (!check("connect", MQTTClient_connect(client, &options))) return 1;
    /* The filter of Azure's own samples for this library. */
    if (!check("subscribe", MQTTClient_subscribe(client, "devices/+/messages/devicebound/#", 1))) return 1;

    MQTTClient_message message = MQTTClient_message_initializer;
    message.payload = "{\"t\":21}";
    message.payloadlen = (int)strlen(message.payload);
    message.qos = 1;
    MQTTClient_deliveryToken token;
    if (!check("publish", MQTTClient_publishMessage(client, topic, &message, &token))) return 1;
    if (!check("acknowledgement", MQTTClient_waitForCompletion(client, token, 10000))) return 1;

    char *heard = NULL;
    int length = 0;
    MQTTClient_message *received = NULL;
    if (!check("receive", MQTTClient_receive(client, &heard, &length, &received, 10000)) || received == NULL) return 1;
    printf("%s %.*s\n", heard, received->payloadlen, (char *)received->payload);
    MQTTClient_freeMessage(&received);
    MQTTClient_free(heard);
    return check("disconnect", MQTTClient_disconnect(client, 1000)) ? 0 : 1;
}
