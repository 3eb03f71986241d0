/** The content that the page shows, as the part of its address after `#` selects it. */
export type Route =
  | { readonly page: 'overview'; readonly filter: Filter }
  /** `event` counts from 1; undefined if none is chosen. */
  | { readonly page: 'scenario'; readonly id: string; readonly event: number | undefined }
  | { readonly page: 'compare'; readonly one: string; readonly other: string }
  | { readonly page: GuidancePage };

const guidancePages = ['guidance', 'attacks', 'matrix'] as const;

/** The pages that show the whole run, whatever the filter is. */
type GuidancePage = (typeof guidancePages)[number];

const filterWords = ['verdict', 'tag', 'topic', 'attestation', 'transport', 'text'] as const;

/** The filter of the overview. An absent member matches every scenario. */
export type Filter = Partial<Record<(typeof filterWords)[number], string>>;

/** Parses an address. An invalid address leads to the overview. */
export function routeOf(hash: string): Route {
  const [path = '', query = ''] = hash.replace(/^#/, '').split('?');
  const [page, ...parts] = path.split('/').map(decoded);
  if (page === 'scenario' && parts[0] !== undefined) {
    const number = parts[1] === 'event' ? Number(parts[2]) : Number.NaN;
    return { page, id: parts[0], event: Number.isSafeInteger(number) && number > 0 ? number : undefined };
  }
  if (page === 'compare') return { page, one: parts[0] ?? '', other: parts[1] ?? '' };
  const plain = guidancePages.find((one) => one === page);
  if (plain !== undefined) return { page: plain };
  const asked = new URLSearchParams(query);
  const filter: Filter = {};
  for (const word of filterWords) {
    const value = asked.get(word);
    if (value !== null && value !== '') filter[word] = value;
  }
  return { page: 'overview', filter };
}

/** Returns the address of a route. */
export function hashOf(route: Route): string {
  switch (route.page) {
    case 'scenario': {
      const event = route.event === undefined ? '' : `/event/${route.event}`;
      return `#scenario/${encodeURIComponent(route.id)}${event}`;
    }
    case 'compare':
      return `#compare/${encodeURIComponent(route.one)}/${encodeURIComponent(route.other)}`;
    case 'guidance':
    case 'attacks':
    case 'matrix':
      return `#${route.page}`;
    case 'overview': {
      const query = new URLSearchParams(
        filterWords.flatMap((word) => {
          const value = route.filter[word];
          return value === undefined || value === '' ? [] : [[word, value]];
        }),
      ).toString();
      return query === '' ? '#' : `#?${query}`;
    }
  }
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
