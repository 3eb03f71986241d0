import { useEffect, useState } from 'preact/hooks';

/** The page that the presenter sees, as the part of the address after `#` selects it. */
export type View =
  | { readonly page: 'choose' | 'stage' | 'text' }
  /** A lesson, or its handout. */
  | { readonly page: 'lesson' | 'handout'; readonly number: number }
  /** Numbers of two plays; undefined means the last two plays. */
  | { readonly page: 'compare'; readonly one: number | undefined; readonly other: number | undefined };

export function useView(): readonly [View, (view: View) => void] {
  const [view, setView] = useState(() => viewOf(location.hash));
  useEffect(() => {
    const follow = (): void => setView(viewOf(location.hash));
    addEventListener('hashchange', follow);
    return () => removeEventListener('hashchange', follow);
  }, []);
  return [view, (next) => (location.hash = hashOf(next))];
}

function viewOf(hash: string): View {
  const [page, one, other] = hash.replace(/^#/, '').split('/');
  if (page === 'stage' || page === 'text') return { page };
  if (page === 'lesson' || page === 'handout') return { page, number: numberIn(one) ?? 0 };
  if (page === 'compare') return { page, one: numberIn(one), other: numberIn(other) };
  return { page: 'choose' };
}

function numberIn(text: string | undefined): number | undefined {
  return text !== undefined && /^\d{1,6}$/.test(text) ? Number(text) : undefined;
}

function hashOf(view: View): string {
  if (view.page === 'lesson' || view.page === 'handout') return `#${view.page}/${view.number}`;
  if (view.page !== 'compare') return `#${view.page}`;
  return `#compare/${view.one ?? ''}/${view.other ?? ''}`;
}
