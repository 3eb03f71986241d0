/*
 * A meter with the MQTT client of Eclipse Paho. It registers with its certificate, sends a reading each hour, and registers again if the hub
 * refuses it. Debian: apt-get install gcc libpaho-mqtt-dev; mkdir -p build; gcc -o build/meter meter.c -lpaho-mqtt3cs
 */
#include <MQTTClient.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char *variable(const char *name) {
  const char *value = getenv(name);
  return value == NULL ? "" : value;
}

/* Opens a connection. Returns NULL if the server refuses it. */
static MQTTClient open_connection(const char *host, const char *user) {
  MQTTClient client;
  char address[300];
  snprintf(address, sizeof address, "ssl://%s:%s", host, variable("REHEARSAL_MQTT_PORT"));
  MQTTClient_create(&client, address, variable("REHEARSAL_REGISTRATION_ID"), MQTTCLIENT_PERSISTENCE_NONE, NULL);
  MQTTClient_SSLOptions tls = MQTTClient_SSLOptions_initializer;
  tls.trustStore = variable("REHEARSAL_CA_FILE");
  tls.keyStore = variable("REHEARSAL_CERT_FILE");
  tls.privateKey = variable("REHEARSAL_KEY_FILE");
  tls.verify = 1;
  MQTTClient_connectOptions options = MQTTClient_connectOptions_initializer;
  options.username = user;
  options.keepAliveInterval = 60;
  options.connectTimeout = 30;
  options.ssl = &tls;
  int code = MQTTClient_connect(client, &options);
  if (code == MQTTCLIENT_SUCCESS) return client;
  fprintf(stderr, "%s refuses the connection with %d\n", host, code);
  MQTTClient_destroy(&client);
  return NULL;
}

static void close_connection(MQTTClient client) {
  MQTTClient_disconnect(client, 1000);
  MQTTClient_destroy(&client);
}

static int publish(MQTTClient client, const char *topic, const char *body) {
  MQTTClient_deliveryToken token;
  if (MQTTClient_publish(client, topic, (int)strlen(body), body, 1, 0, &token) != MQTTCLIENT_SUCCESS) return 0;
  return MQTTClient_waitForCompletion(client, token, 30000) == MQTTCLIENT_SUCCESS;
}

/* Copies the text of a member of a JSON object. Returns 0 if there is none. */
static int member(const char *json, const char *name, char *value, size_t size) {
  char key[64];
  snprintf(key, sizeof key, "\"%s\":\"", name);
  const char *start = strstr(json, key);
  if (start == NULL) return 0;
  start += strlen(key);
  size_t length = strcspn(start, "\"");
  if (length >= size) return 0;
  memcpy(value, start, length);
  value[length] = 0;
  return 1;
}

/* Registers, and copies the name of the hub. Returns 0 if DPS refuses. */
static int registered(char *hub, size_t size) {
  char user[300], body[300], topic[600], operation[300];
  const char *id = variable("REHEARSAL_REGISTRATION_ID");
  snprintf(user, sizeof user, "%s/registrations/%s/api-version=2019-03-31", variable("REHEARSAL_ID_SCOPE"), id);
  MQTTClient client = open_connection(variable("REHEARSAL_DPS_HOST"), user);
  if (client == NULL) return 0;
  int found = 0;
  snprintf(body, sizeof body, "{\"registrationId\":\"%s\"}", id);
  snprintf(topic, sizeof topic, "$dps/registrations/PUT/iotdps-register/?$rid=1");
  if (MQTTClient_subscribe(client, "$dps/registrations/res/#", 1) != MQTTCLIENT_SUCCESS) goto end;
  for (int poll = 0; poll < 10 && !found; poll++) {
    char *answered = NULL;
    int length = 0;
    MQTTClient_message *message = NULL;
    if (!publish(client, topic, body)) break;
    if (MQTTClient_receive(client, &answered, &length, &message, 30000) != MQTTCLIENT_SUCCESS || message == NULL) break;
    int is_accepted = strncmp(answered, "$dps/registrations/res/20", 25) == 0;
    char *json = strndup(message->payload, (size_t)message->payloadlen);
    if (!is_accepted) fprintf(stderr, "DPS refuses: %s\n", json);
    found = is_accepted && member(json, "assignedHub", hub, size);
    int is_pending = is_accepted && !found && member(json, "operationId", operation, sizeof operation);
    free(json);
    MQTTClient_freeMessage(&message);
    MQTTClient_free(answered);
    if (!is_pending) break;
    snprintf(topic, sizeof topic, "$dps/registrations/GET/iotdps-get-operationstatus/?$rid=2&operationId=%s", operation);
    body[0] = 0;
    sleep(3);
  }
end:
  close_connection(client);
  return found;
}

static int sent(const char *hub) {
  char user[600], topic[300];
  const char *id = variable("REHEARSAL_REGISTRATION_ID");
  snprintf(user, sizeof user, "%s/%s/?api-version=2021-04-12", hub, id);
  MQTTClient client = open_connection(hub, user);
  if (client == NULL) return 0;
  snprintf(topic, sizeof topic, "devices/%s/messages/events/", id);
  int is_sent = publish(client, topic, "{\"kWh\":1}");
  close_connection(client);
  return is_sent;
}

int main(void) {
  char hub[256] = "";
  setvbuf(stdout, NULL, _IOLBF, 0);
  for (;;) {
    if (hub[0] == 0 && registered(hub, sizeof hub)) printf("registered at %s\n", hub);
    if (hub[0] != 0 && sent(hub)) {
      sleep(3600);
      continue;
    }
    hub[0] = 0;
    sleep(60);
  }
}
