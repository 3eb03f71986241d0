/** Decodes base64 of the standard alphabet, ignoring white space. Returns undefined for any other text. */
export function readBase64(text: string): Buffer | undefined {
  const bare = text.replaceAll(/\s/g, '');
  if (bare === '' || bare.length % 4 !== 0 || !/^[A-Za-z0-9+/]+={0,2}$/.test(bare)) return undefined;
  return Buffer.from(bare, 'base64');
}
