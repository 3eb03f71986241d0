/** A function that breaks the contract of core/result.ts. `line` counts from 1. */
interface Breach {
  readonly rule: keyof typeof contract;
  readonly name: string;
  readonly line: number;
}

export declare const contract: {
  readonly 'string-or-value': string;
  readonly 'string-as-error': string;
};

export declare function breachesOf(file: string, source: string): Breach[];
