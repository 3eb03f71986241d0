/** As whom the page was opened, and with which token. */
export interface Entry {
  readonly visitor: 'presenter' | 'audience';
  readonly token: string;
}

const kept = 'rehearsal studio';

/**
 * Reads the token from the address and takes it out of there: it is in no history, no bookmark and no screenshot. The tab keeps
 * it, so that it can be loaded again.
 */
export function readEntry(): Entry | undefined {
  const match = /^#(token|audience)=([0-9a-f]{64})$/.exec(location.hash);
  const [, how, token] = match ?? [];
  if (token !== undefined) {
    const entry: Entry = { visitor: how === 'audience' ? 'audience' : 'presenter', token };
    sessionStorage.setItem(kept, JSON.stringify(entry));
    history.replaceState(null, '', location.pathname);
    return entry;
  }
  const before = sessionStorage.getItem(kept);
  return before === null ? undefined : (JSON.parse(before) as Entry);
}
