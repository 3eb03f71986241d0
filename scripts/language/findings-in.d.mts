export declare function findingsIn(
  file: string,
  source: string,
): { readonly line: number; readonly found: string; readonly advice: string }[];
