import type { RefObject } from 'preact';
import { pageKeys } from './use-keys.ts';

/** The dialog that lists the keyboard shortcuts of the page. */
export function KeyHelp({ dialog }: { readonly dialog: RefObject<HTMLDialogElement | null> }) {
  return (
    <dialog class="keys" ref={dialog} aria-labelledby="keys">
      <h2 id="keys">Keys</h2>
      <dl>
        {pageKeys.map(({ key, action }) => (
          <div key={key}>
            <dt>
              <kbd>{key}</kbd>
            </dt>
            <dd>{action}</dd>
          </div>
        ))}
        <div>
          <dt>
            <kbd>← →</kbd> <kbd>Space</kbd>
          </dt>
          <dd>go through the events of a scenario, or play them</dd>
        </div>
      </dl>
      <button type="button" onClick={() => dialog.current?.close()}>
        Close
      </button>
    </dialog>
  );
}
