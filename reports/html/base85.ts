/**
 * Octets as text with 85 characters: five characters for four octets, so the text is 6 % shorter than base64. The last group of n octets
 * has n + 1 characters. The method is that of Ascii85. The alphabet has no `<` and `&`, so that HTML can contain the text, and no `$`, so
 * that `replace` can insert it.
 */
const alphabet = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz!#%()*+,-./:;=?@[]^_{|}';

const values = new Uint8Array(128);
for (let value = 0; value < alphabet.length; value++) values[alphabet.codePointAt(value) ?? 0] = value;

export function toBase85(octets: Uint8Array): string {
  const groups: string[] = [];
  for (let start = 0; start < octets.length; start += 4) {
    const count = Math.min(4, octets.length - start);
    let number = 0;
    for (let index = 0; index < 4; index++) number = number * 256 + (octets[start + index] ?? 0);
    let group = '';
    for (let index = 0; index < 5; index++) {
      group = alphabet.charAt(number % 85) + group;
      number = Math.floor(number / 85);
    }
    groups.push(group.slice(0, count + 1));
  }
  return groups.join('');
}

/** Returns the octets of a text of `toBase85`. Any other text gives meaningless octets, and no error. */
export function fromBase85(text: string): Uint8Array<ArrayBuffer> {
  const octets = new Uint8Array(Math.floor((text.length * 4) / 5));
  const whole = new DataView(new ArrayBuffer(4));
  for (let start = 0, to = 0; start < text.length; start += 5, to += 4) {
    let number = 0;
    for (let index = 0; index < 5; index++) {
      // A short group is filled with the highest value, which rounds up the octets that the encoder cut off.
      const value = start + index < text.length ? (values[text.codePointAt(start + index) ?? 0] ?? 0) : 84;
      number = number * 85 + value;
    }
    whole.setUint32(0, number);
    for (let index = 0; index < 4 && to + index < octets.length; index++) octets[to + index] = whole.getUint8(index);
  }
  return octets;
}
