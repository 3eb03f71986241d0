/** What a scenario variant shows of its topics: that the practice goes well, or what goes wrong without it. */
export const showings = ['well', 'wrong'] as const;
export type Showing = (typeof showings)[number];
