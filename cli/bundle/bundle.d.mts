/** @param root the folder that rehearse is installed in. */
export function bundled(root: string): Promise<string>;
