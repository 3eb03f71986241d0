export declare const mostEntries: number;
export declare function crowdedFolders(paths: readonly string[]): { readonly folder: string; readonly count: number }[];
