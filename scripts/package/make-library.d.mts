/** @param folder where `lib` is written. Default: the checkout. */
export function makeLibrary(root: string, folder?: string): Promise<void>;
