import rhea from 'rhea';
// The bundler must include this import. Otherwise Node would load another copy of rhea, which this change does not
// affect.
import rheaFrames from 'rhea/lib/frames.js';

/**
 * Makes rhea write every field of a performative, with null for absent fields. By default rhea omits trailing fields
 * that are absent, as AMQP 1.0 1.4 allows. Azure writes all fields. The Python client (`azure-eventhub` 5) depends on
 * this, because it finds fields by their index. The change affects the whole process, because the classes of rhea can
 * only be changed globally.
 */
export function writeWholePerformatives(): void {
  for (const [name, count] of fieldCounts) {
    const create = frames[name];
    if (create === undefined) throw new Error(`rhea has no frame ${name}: use the version of package-lock.json`);
    const prototype = Object.getPrototypeOf(create({})) as Performative;
    if (patched.has(prototype)) continue;
    patched.add(prototype);
    const describe = prototype.described;
    prototype.described = function described(this: Performative): object {
      while (this.value.length < count) this.value.push(rhea.types.wrap(null));
      return describe.call(this);
    };
  }
}

/** Number of fields of each performative (AMQP 1.0 2.7). */
const fieldCounts = [
  ['open', 10],
  ['begin', 8],
  ['attach', 14],
  ['flow', 11],
  ['transfer', 11],
  ['disposition', 6],
  ['detach', 3],
  ['end', 1],
  ['close', 1],
] as const;

interface Performative {
  readonly value: unknown[];
  described: (this: Performative) => object;
}

const frames = rheaFrames as Readonly<Record<string, ((fields: object) => Performative) | undefined>>;
const patched = new WeakSet<object>();
