/** The role of the page, and its token. */
export interface Entry {
  readonly visitor: 'presenter' | 'audience';
  readonly token: string;
}

const storageKey = 'rehearsal studio';

/**
 * Reads the token from the address of the page. Removes the token from the address, so that it is not in the browser history, a bookmark or
 * a screenshot. The session storage of the tab keeps it for a reload.
 */
export function readEntry(): Entry | undefined {
  const match = /^#(token|audience)=([0-9a-f]{64})$/.exec(location.hash);
  const [, how, token] = match ?? [];
  if (token !== undefined) {
    const entry: Entry = { visitor: how === 'audience' ? 'audience' : 'presenter', token };
    sessionStorage.setItem(storageKey, JSON.stringify(entry));
    history.replaceState(null, '', location.pathname);
    return entry;
  }
  const before = sessionStorage.getItem(storageKey);
  return before === null ? undefined : (JSON.parse(before) as Entry);
}
