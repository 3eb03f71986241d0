#!/bin/sh
# A meter. It registers with its certificate over HTTPS (curl), sends a reading to its hub each hour over MQTT (mosquitto_pub), and
# registers again if the hub refuses it. docs/firmware.md explains the variables whose names begin with REHEARSAL.
id=$REHEARSAL_REGISTRATION_ID
dps="https://$REHEARSAL_DPS_HOST:$REHEARSAL_HTTPS_PORT/$REHEARSAL_ID_SCOPE/registrations/$id"
version='api-version=2021-06-01'

call() {
  curl --silent --show-error --fail-with-body --max-time 30 --cacert "$REHEARSAL_CA_FILE" --cert "$REHEARSAL_CERT_FILE" \
    --key "$REHEARSAL_KEY_FILE" --header 'Content-Type: application/json' "$@"
}

value() { # name of a member of the JSON text in $answer
  echo "$answer" | sed -n "s/.*\"$1\":\"\\([^\"]*\\)\".*/\\1/p"
}

register() {
  answer=$(call --request PUT --data "{\"registrationId\":\"$id\"}" "$dps/register?$version") || return 1
  operation=$(value operationId)
  for _ in 1 2 3 4 5; do
    sleep 3
    answer=$(call "$dps/operations/$operation?$version") || return 1
    hub=$(value assignedHub)
    [ -n "$hub" ] && echo "$hub" >"$HOME/hub" && echo "assigned to $hub" && return 0
  done
  return 1
}

send() {
  hub=$(cat "$HOME/hub")
  mosquitto_pub -V mqttv311 -h "$hub" -p "$REHEARSAL_MQTT_PORT" -i "$id" -u "$hub/$id/?api-version=2021-04-12" \
    --cafile "$REHEARSAL_CA_FILE" --cert "$REHEARSAL_CERT_FILE" --key "$REHEARSAL_KEY_FILE" \
    -q 1 -t "devices/$id/messages/events/" -m "{\"kWh\":$1}"
}

count=0
while :; do
  if [ -f "$HOME/hub" ] && send "$count"; then
    count=$((count + 1))
    sleep 3600
  elif ! register; then
    echo 'refused; the next attempt is in a minute' >&2
    rm -f "$HOME/hub"
    sleep 60
  fi
done
