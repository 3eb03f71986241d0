import rhea from 'rhea';

/**
 * Makes rhea write the `info` of an error with symbols as keys, as AMQP 1.0 2.8.14 requires ("fields"). rhea writes strings as
 * keys: AMQPNetLite rejects them, and other clients do not find a string key when they look for a symbol. The change affects
 * the whole process, because a type wrapper of rhea can only be changed globally.
 */
export function writeSymbolKeyedErrors(): void {
  const types = rhea.types as unknown as Record<string, Wrapper | undefined>;
  const { wrap_error: wrapError, wrap_map: wrapMap, wrap_symbol: wrapSymbol } = types;
  if (wrapError === undefined || wrapMap === undefined || wrapSymbol === undefined) {
    throw new Error('rhea has no wrap_error, wrap_map or wrap_symbol: use the version of package-lock.json');
  }
  if (patched.has(wrapError)) return;
  const wrapWithSymbols: Wrapper = (error) => {
    types['wrap_map'] = (map) => wrapMap(map, wrapSymbol);
    try {
      return wrapError(error);
    } finally {
      types['wrap_map'] = wrapMap;
    }
  };
  patched.add(wrapWithSymbols);
  types['wrap_error'] = wrapWithSymbols;
}

type Wrapper = (value: unknown, wrapKey?: Wrapper) => object;

const patched = new WeakSet<object>();
