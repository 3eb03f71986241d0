/** The bytes of a base64 text in its canonical alphabet, blanks and line ends let pass; undefined where it is none. */
export function readBase64(text: string): Buffer | undefined {
  const bare = text.replaceAll(/\s/g, '');
  if (bare === '' || bare.length % 4 !== 0 || !/^[A-Za-z0-9+/]+={0,2}$/.test(bare)) return undefined;
  return Buffer.from(bare, 'base64');
}
