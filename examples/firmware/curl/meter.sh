#!/bin/sh
# A meter that speaks HTTPS with curl. It registers with its factory certificate, and DPS issues a certificate for the hub, valid for thirty
# days. The meter sends a reading each day, and registers again ten days before the end, or if the hub refuses it.
id=$REHEARSAL_REGISTRATION_ID
dps="https://$REHEARSAL_DPS_HOST:$REHEARSAL_HTTPS_PORT/$REHEARSAL_ID_SCOPE/registrations/$id"
version='api-version=2026-11-01'

call() { # certificate, key, further words
  cert=$1 key=$2
  shift 2
  curl --silent --show-error --fail-with-body --max-time 30 --cacert "$REHEARSAL_CA_FILE" --cert "$cert" --key "$key" \
    --header 'Content-Type: application/json' "$@"
}

value() { # name of a member of the JSON text in $answer
  echo "$answer" | sed -n "s/.*\"$1\":\"\\([^\"]*\\)\".*/\\1/p"
}

register() {
  openssl ecparam -name secp384r1 -genkey -noout -out "$HOME/new.key" 2>/dev/null
  csr=$(openssl req -new -key "$HOME/new.key" -subj "/CN=$id" -outform DER | base64 -w 0)
  answer=$(call "$REHEARSAL_CERT_FILE" "$REHEARSAL_KEY_FILE" --request PUT \
    --data "{\"registrationId\":\"$id\",\"csr\":\"$csr\"}" "$dps/register?$version") || return 1
  operation=$(value operationId)
  for _ in 1 2 3 4 5; do
    sleep 3
    answer=$(call "$REHEARSAL_CERT_FILE" "$REHEARSAL_KEY_FILE" "$dps/operations/$operation?$version") || return 1
    hub=$(value assignedHub)
    [ -n "$hub" ] && keep "$hub" && return 0
  done
  return 1
}

keep() { # host name of the hub
  # The chain is a list of certificates in base64, from the leaf upwards.
  echo "$answer" | sed 's/.*"issuedCertificateChain":\[\([^]]*\)\].*/\1/' | tr ',' '\n' | tr -d '"' | while read -r der; do
    echo "$der" | base64 -d | openssl x509 -inform DER
  done >"$HOME/hub.pem"
  mv "$HOME/new.key" "$HOME/hub.key"
  echo "$1" >"$HOME/hub"
  echo "registered at $1"
}

send() {
  hub=$(cat "$HOME/hub")
  call "$HOME/hub.pem" "$HOME/hub.key" --request POST --data '{"kWh":1}' \
    "https://$hub:$REHEARSAL_HTTPS_PORT/devices/$id/messages/events?api-version=2021-04-12"
}

is_due() {
  [ ! -f "$HOME/hub.pem" ] || ! openssl x509 -in "$HOME/hub.pem" -noout -checkend 864000 >/dev/null
}

while :; do
  if is_due && ! register; then
    echo 'DPS refused it; the next attempt is in an hour' >&2
    sleep 3600
  elif send; then
    sleep 86400
  else
    echo 'the hub refused it; it registers again' >&2
    rm -f "$HOME/hub.pem"
    sleep 60
  fi
done
