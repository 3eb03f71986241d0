/**
 * Returns a number in [0, 1) that three numbers determine: the seed of a fleet, the device, and the number of the draw.
 * No device needs a separate generator, so a million devices can draw. Do not use it for keys; use `freshKey`.
 */
export function countedDraw(seed: number, device: number, draw: number): number {
  const mixed = mix(mix(seed ^ Math.imul(device + 1, 0x9e3779b1)) ^ Math.imul(draw + 1, 0x85ebca6b));
  return (mixed >>> 0) / 2 ** 32;
}

/** The 32-bit finalizer of MurmurHash3: a change of one input bit changes about half of the bits of the result. */
function mix(value: number): number {
  let mixed = value;
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return mixed ^ (mixed >>> 16);
}
