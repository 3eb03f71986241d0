/** A file of rhea without types. It creates and encodes performatives. */
declare module 'rhea/lib/frames.js' {
  const frames: unknown;
  export default frames;
}
