import type { RefObject } from 'preact';
import { useLayoutEffect } from 'preact/hooks';
import type { PageIndex } from '../../page-data.ts';
import { listMemory, neighboursOf } from '../route/list-memory.ts';
import { hashOf, type Route } from '../route/route.ts';

/** The keyboard shortcuts of the page, as the help lists them. The list of events has further shortcuts. */
export const pageKeys = [
  { key: '/', action: 'search scenarios' },
  { key: 'j', action: 'next scenario' },
  { key: 'k', action: 'previous scenario' },
  { key: 'n', action: 'next refusal in the events of a scenario' },
  { key: '+ - 0', action: 'zoom the time strip of a scenario in or out, or show the whole run' },
  { key: '?', action: 'show these keys' },
] as const;

/** Handles the keyboard shortcuts of the page, unless the focused element accepts text. */
export function useKeys(index: PageIndex, route: Route, help: RefObject<HTMLDialogElement | null>): void {
  useLayoutEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
      if (event.key === '?') help.current?.showModal();
      else if (event.key === '/') search(route);
      else if (event.key === 'j' || event.key === 'k') step(index, route, event.key);
      else return;
      event.preventDefault();
    };
    addEventListener('keydown', onKey);
    return () => removeEventListener('keydown', onKey);
  });
}

function search(route: Route): void {
  if (route.page !== 'overview') location.hash = listMemory.address;
  // Waits for two animation frames, because the page draws the search field in the frame after the address has changed.
  requestAnimationFrame(() => requestAnimationFrame(() => document.querySelector<HTMLElement>('#search')?.focus()));
}

function step({ entries }: PageIndex, route: Route, key: 'j' | 'k'): void {
  if (route.page === 'scenario') {
    const { before, after } = neighboursOf(route.id, entries);
    const id = key === 'j' ? after : before;
    if (id !== undefined) location.hash = hashOf({ page: 'scenario', id, event: undefined });
    return;
  }
  if (route.page !== 'overview') return;
  const links = [...document.querySelectorAll<HTMLElement>('.scenario-list a, .scenario-list button')];
  const focused = links.findIndex((link) => link === document.activeElement);
  links[focused < 0 ? 0 : focused + (key === 'j' ? 1 : -1)]?.focus();
}

function isTyping(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest('input, select, textarea, [contenteditable], dialog') !== null;
}
