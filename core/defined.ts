/** The type `T` in which each member that may be undefined is optional. */
type Defined<T> = { [K in keyof T as undefined extends T[K] ? never : K]: T[K] } & {
  [K in keyof T as undefined extends T[K] ? K : never]?: Exclude<T[K], undefined>;
};

/**
 * Returns a copy without the members that are undefined. Spread the copy into an object whose optional members must be
 * absent (`exactOptionalPropertyTypes`).
 *
 *     return { name, ...defined({ description, limit }) };
 */
export function defined<T extends object>(members: T): Defined<T> {
  // The function uses a loop, because it runs for nearly every object of a history. Copies through arrays would take
  // several times as long.
  const copy: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(members)) if (value !== undefined) copy[name] = value;
  return copy as Defined<T>;
}
