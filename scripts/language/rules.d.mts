export declare const rules: readonly { readonly pattern: RegExp; readonly advice: string }[];
