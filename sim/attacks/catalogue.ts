import type { AttackCard } from '../../core/run/attack.ts';

/** The attacks that scenarios name under `attack`, in the order of docs/attacks.md. */
export const attacks: readonly AttackCard[] = [
  {
    id: 'leaked-shared-key',
    title: 'A shared symmetric key leaks',
    needs: 'One device of the fleet, bought in a shop, or any other copy of the key that all devices share.',
    does: 'Signs tokens with the key for every registration ID that can be guessed, and registers.',
    seen: 'Registrations of devices that are already in service, one after the other, from one address.',
    cleanup:
      'The operator rolls the key of every enrollment, and every device in the field needs the new key: a recall.',
  },
  {
    id: 'leaked-group-key',
    title: 'A group key leaks',
    needs: 'The key of an enrollment group, from its administrator or from any place to which it was copied.',
    does: 'Derives the key of any registration ID, even of devices that were never built, and registers.',
    seen: 'Devices in the group that are in no production record, and registrations of devices that are already in service.',
    cleanup:
      'The operator disables the group or rolls its key, and every device with a derived key needs another key: a recall.',
  },
  {
    id: 'key-from-flash-image',
    title: 'A key is read from a firmware image',
    needs: 'One copy of the image, from a device bought in a shop or from the update server.',
    does: 'Extracts the key from the image and registers with it in the name of other devices.',
    seen: 'Nothing before the first forged registration: a copy of an image leaves no trace.',
    cleanup: 'The manufacturer builds an image without a key, and installs an individual key on each device.',
  },
  {
    id: 'key-from-key-store',
    title: 'A key is read from the key store of a device',
    needs: 'Physical access to a device for an hour, with its case open.',
    does: 'Copies the key if the key store reveals it. Otherwise installs code that signs with the key, and returns the device.',
    seen: 'A device that was missing for a time, and registrations in its name from another address afterwards.',
    cleanup:
      'The operator blocks the certificate, and the device gets another certificate. If the key never left its key store, the return of the device is enough.',
  },
  {
    id: 'stolen-station',
    title: 'The computer of a station is stolen',
    needs: 'The disk of one station of the line, stolen at night or by a worker of the factory.',
    does: 'Takes the secrets of the station. With signing keys the attacker issues an identity for any device. With copies of device keys the attacker impersonates the devices that the station made.',
    seen: 'A missing computer. If the attacker only copied its disk, there is no trace.',
    cleanup:
      'The operator replaces every secret of the station, with all credentials that were made from it. If the station held no secret, the operator only revokes its access.',
  },
  {
    id: 'cloned-certificate-batch',
    title: 'All devices of a batch have the same certificate',
    needs: 'One device of a batch that was flashed with one image, which contains certificate and key.',
    does: 'Registers with the certificate and impersonates every device of the batch, since DPS cannot tell them apart.',
    seen: 'One device at many addresses, and contradictory telemetry under its name.',
    cleanup:
      'Every device of the batch gets its own certificate. Then the operator blocks the common certificate. A device without its own certificate loses its access.',
  },
  {
    id: 'over-production',
    title: 'The contract manufacturer builds surplus units',
    needs: 'Access to the production line, its parts and its keys after the last ordered unit.',
    does: 'Continues production and sells the surplus units. Their credentials are as valid as those of ordered units.',
    seen: 'More devices at DPS than were paid for, and an audit trail with more entries than the production records.',
    cleanup:
      'The operator blocks the surplus units one by one, with the list of delivered units. The buyers of surplus units are affected.',
  },
  {
    id: 'stolen-intermediate-ca',
    title: 'The key of an intermediate CA is stolen',
    needs: 'The disk of the computer that signs for the line.',
    does: 'Issues certificates for any name that chain to the enrolled CA, and registers with them.',
    seen: 'Certificates with serial numbers that the CA has not recorded, for devices that were never built.',
    cleanup:
      'The operator removes the CA from DPS, and every device below this CA needs a certificate from another CA.',
  },
  {
    id: 'wrong-id-scope-image',
    title: 'An image contains the ID scope of another tenant',
    needs: 'Write access to the image or to the tool that writes the configuration on the line, and a DPS instance.',
    does: 'Replaces the ID scope and enrolls the devices in this DPS instance by their public keys, so that they serve the attacker from the first day.',
    seen: 'Sold devices that never appear at DPS. Only the configuration in the devices shows the wrong ID scope.',
    cleanup:
      'The manufacturer opens each device and flashes it again. If the line itself detects the wrong ID scope, the correction takes a minute for each device.',
  },
  {
    id: 'second-hand-device',
    title: 'A second-hand device still has access',
    needs: 'A device that its owner sold, gave away or threw out without ending its service.',
    does: 'Reads the key of the device at home and registers in its name for as long as its enrollment is enabled.',
    seen: 'A device that was written off and is in service again.',
    cleanup:
      'The operator disables the individual enrollment of the device. In a group, each discarded device needs a disabled individual enrollment.',
  },
  {
    id: 'swapped-tpm-board',
    title: 'The board with the TPM is swapped',
    needs: 'A few minutes alone with a device, and a board of the same type.',
    does: 'Installs another board under the old label and waits until its endorsement key is enrolled.',
    seen: 'A device that DPS suddenly refuses because of its endorsement key, and a request to enroll the device again.',
    cleanup:
      'The operator writes the endorsement key from the factory into the enrollment again and replaces the board.',
  },
  {
    id: 'delegated-maker-adds-devices',
    title: 'The TPM maker adds its own devices',
    needs: 'A key of the service API with the right to write enrollments, which the operator granted for a delivery.',
    does: 'Creates an enrollment for a TPM that was never ordered, and registers with it.',
    seen: 'More enrollments than delivered TPMs. Each enrollment by itself looks correct.',
    cleanup:
      'The operator revokes the access, compares the enrollments with the deliveries, and deletes enrollments without a delivery.',
  },
  {
    id: 'copied-software-tpm',
    title: 'A software TPM is copied',
    needs: 'The disk image of one device whose TPM is a program with its state in a file.',
    does: 'Starts the copy on another computer. The copy has the same endorsement key and answers the challenge of DPS.',
    seen: 'A device that registers again although it never lost its hub, and gets a new hub key each time.',
    cleanup: 'The operator deletes the enrollment, and the device needs a hardware TPM, which means another board.',
  },
  {
    id: 'forged-chain',
    title: 'A certificate is forged for a device that was never built',
    needs:
      'A certificate that the CA signed, such as the certificate of a device bought in a shop, or the key of the CA itself.',
    does: 'Builds a chain for the name of the device. The chain ends, or seems to end, at the CA of the group. Then registers with it.',
    seen: 'Refused registrations whose decision names the violated rule of RFC 5280. An attacker with the key of the CA leaves no trace.',
    cleanup:
      'None if DPS checks all rules. If the key of the CA was stolen, every device below the CA needs another certificate.',
  },
  {
    id: 'rogue-ca',
    title: 'A foreign CA is uploaded in the name of the factory',
    needs: 'A CA certificate with its key, and an operator who uploads certificates that arrive by mail.',
    does: 'Makes the operator add the CA to a group, and registers with certificates that this CA signed.',
    seen: 'A CA whose proof of possession is wrong, or a CA that an operator set to verified, and devices that no line has built.',
    cleanup:
      'The operator deletes the CA, which ends registrations, and blocks the registered devices at their hubs one by one.',
  },
  {
    id: 'expired-certificate',
    title: 'An old certificate is found and used again',
    needs: 'A certificate and its key from a discarded device, a backup or an archive.',
    does: 'Registers with the certificate, years later, as the device for which it was issued.',
    seen: 'A device that was out of service for a long time registers again, or DPS refuses it because its certificate has expired.',
    cleanup:
      'The operator disables the enrollment. If certificates never expire, this is necessary for every lost device.',
  },
  {
    id: 'disabled-enrollment',
    title: 'The credentials of a device that was reported stolen are used',
    needs: 'A stolen device whose key can be read.',
    does: 'Registers as the device, again and again, until DPS refuses it.',
    seen: 'Registrations of a device that was reported stolen.',
    cleanup: 'The operator disables the enrollment and the identity at the hub on the day of the theft.',
  },
  {
    id: 'registration-flood',
    title: 'A flood of registrations uses up the quota',
    needs: 'The ID scope, which is in every firmware, and a network.',
    does: 'Registers under invented names with a wrong key, until the quota of DPS for this minute is used up.',
    seen: 'Refused registrations of devices that were never built, and then status 429 for devices of the customer.',
    cleanup:
      'None: the operator cannot end the flood. Each refused device has to retry later by itself, and most devices do.',
  },
  {
    id: 'webhook-hijacked',
    title: 'The webhook of custom allocation is taken over',
    needs: 'The account under which the web service of the customer runs.',
    does: 'Answers the allocation request with a hub that the attacker can read, so that devices send their telemetry there.',
    seen: 'Devices at an unexpected hub, or refused registrations if the enrollment does not list that hub.',
    cleanup:
      'The customer deploys the web service again with other secrets, and the devices have to register again to get to their hub.',
  },
  {
    id: 'insider-with-policy',
    title: 'An insider with the key of a policy enrolls a device',
    needs: 'The key of a shared access policy, from a script, a ticket or a chat log.',
    does: 'Creates an enrollment over the service API with a new key, and registers with that key.',
    seen: 'An enrollment that no station created. DPS records the policy that created it, not the person.',
    cleanup:
      'The operator rolls the keys of the policy and compares every enrollment with the audit trail of the line.',
  },
  {
    id: 'key-tried-everywhere',
    title: 'An attacker tries one stolen secret on every identity',
    needs: 'Any secret of a device, a group or a CA, and the pattern of the registration IDs.',
    does: 'Registers as every device, built or not, and under some invented names. If that fails, connects directly to the hub.',
    seen: 'Many refused registrations from one address. If the secret is valid for many devices, many successful registrations.',
    cleanup:
      'The operator replaces the key and the enrollment of each impersonated identity. If a CA key or a group key was stolen, all devices below it need this.',
  },
  {
    id: 'replayed-token',
    title: 'A token is recorded and sent again',
    needs:
      'One token of a device, from a log, from a proxy that decrypts TLS or from a client that verifies no certificate.',
    does: 'Sends the token unchanged: in the name of this device or of another device, with another ID scope, before and after it expires.',
    seen: 'A registration of a device that is in service already, from another address.',
    cleanup: 'The token expires within the hour. The operator has to find the place at which the token leaked.',
  },
  {
    id: 'copied-endorsement-key',
    title: 'The public keys of a TPM are copied',
    needs: 'The list of endorsement keys from the factory, or a minute with the device.',
    does: 'Registers with the public keys, receives the challenge, guesses the key that is wrapped in it, and signs with this guess.',
    seen: 'A challenge for a device that is in service already, and a wrong answer to it.',
    cleanup:
      'None: a public key is not a secret. If the attacker copied a software TPM completely, the operator replaces the device.',
  },
  {
    id: 'cloned-device',
    title: 'A copy of a device is online at the same time',
    needs: 'The key of a device, copied before any person noticed that the device was missing.',
    does: 'Connects to the hub under the name of the device. The hub keeps one connection per name and closes the older one.',
    seen: 'One device ID that connects from two addresses in turn. Each connection closes the other one with error 400027.',
    cleanup:
      'The operator blocks the identity at the hub and disables the enrollment, and the device gets a key that cannot be copied.',
  },
  {
    id: 'fake-service',
    title: 'A rogue server answers under the name of DPS',
    needs: 'Control of the network of the devices, such as its name server, and a self-made certificate.',
    does: 'Accepts registrations of devices, keeps the tokens that they send, and registers with those tokens at the real DPS.',
    seen: 'Registrations from an address outside of the site, and devices of the site that never appear at DPS.',
    cleanup:
      'The operator rolls the keys of the devices, and their firmware gets a root by which it verifies the server.',
  },
  {
    id: 'plain-mqtt',
    title: 'Devices are configured to use MQTT without TLS',
    needs: 'Devices that were configured for port 1883, by mistake or by the attacker, and access to their network.',
    does: 'Answers on that port, on which DPS has no listener, and reads the token in the CONNECT packet.',
    seen: 'Devices that never appear at DPS, and registrations in their names from another address.',
    cleanup:
      'The manufacturer flashes the configuration again with TLS, and the operator rolls the keys whose tokens the attacker read.',
  },
  {
    id: 're-provisioned-away',
    title: 'An attacker registers in the name of a device and moves its identity',
    needs: 'A key that DPS accepts for the device, and an enrollment whose allocation now chooses another hub.',
    does: 'Registers in the name of the device. DPS creates its identity at the other hub and deletes the identity that the device uses.',
    seen: 'A device that moves to another hub without reason, and connection attempts of the same device at its former hub.',
    cleanup:
      'The operator rolls the key, and the device registers again. Then the operator writes lost parts of its twin again.',
  },
  {
    id: 'rolled-endorsement-key',
    title: 'The endorsement key is rolled to evade a disabled enrollment',
    needs:
      'A device whose enrollment is disabled, and the owner password of its TPM, which every owner of the device has.',
    does: 'Replaces the endorsement seed, so the TPM has a new key and a new registration ID, and asks to be enrolled as a new device.',
    seen: 'A new endorsement key on a board whose serial number is in the production records with another key.',
    cleanup:
      'The operator disables the new enrollment as well. Later enrollments use only the list of the TPM maker, which contains no rolled key.',
  },
  {
    id: 'replayed-challenge',
    title: 'A complete registration is recorded and sent again',
    needs: 'One registration of a device with its token, from a proxy that decrypts TLS.',
    does: 'Sends the same request again. Its token answers a challenge that is no longer open.',
    seen: 'A token for a device that is in service already, signed with the key of no open challenge.',
    cleanup:
      'None if DPS makes a new challenge for each registration. Otherwise the operator rolls the key and searches for the proxy.',
  },
  {
    id: 'strangers-endorsement-key',
    title: 'An insider enrolls another TPM for the hub identity of a device',
    needs: 'The key of a policy that may write enrollments, and any device with a TPM.',
    does: 'Enrolls that TPM under a new registration ID with the device ID of another device, and gets the hub key of that device.',
    seen: 'Two enrollments with one device ID, and an endorsement key that is in no list of the TPM maker.',
    cleanup:
      'The operator deletes the enrollment and the identity and rolls the keys of the policy. The real device registers again for a new key.',
  },
  {
    id: 'hub-owner-key',
    title: 'An attacker with the owner key of a hub creates devices without DPS',
    needs: 'The key of the policy iothubowner. Many programs have this key although they only read data.',
    does: 'Writes an identity with a new key into the registry of the hub, and connects with this key.',
    seen: 'An identity at the hub that no registration with DPS created.',
    cleanup: 'The operator deletes the identity, rolls the keys of the policy, and gives each program its own policy.',
  },
];
