import type { Draft } from './use-draft.ts';

/** Shows the other changes that the last choice needs so that the scenario can be played, with a button that makes them. */
export function OfferPanel({ draft }: { readonly draft: Draft }) {
  const { offer } = draft;
  return (
    <div role="status" class="offer-place">
      {offer === 'searching' && <p class="second">Checking whether the scenario can run to its end …</p>}
      {offer !== undefined && offer !== 'searching' && (
        <section class="offer" aria-label="Changes that the choice needs">
          <h3>{offer.isUndo ? 'The scenario cannot run with this choice' : 'This choice needs more changes'}</h3>
          <p>{sentence(offer.problem)}</p>
          {offer.changes.length > 0 && (
            <ul>
              {offer.changes.map((change) => (
                <li key={change}>{sentence(change)}</li>
              ))}
            </ul>
          )}
          <p class="offer-buttons">
            {!offer.isUndo && (
              <button type="button" class="main" onClick={() => draft.accept(offer)}>
                Make these changes
              </button>
            )}
            <button type="button" onClick={() => draft.undo()}>
              Undo the choice
            </button>
          </p>
        </section>
      )}
    </div>
  );
}

/** Returns a message with a capital letter at its start and a full stop at its end. */
function sentence(text: string): string {
  const first = text.slice(0, 1);
  // If the text starts with a name or a key, the first letter stays in lower case.
  const start = /^[a-z-]+[ ,:]/.test(text) && !text.includes('`', 0) ? first.toUpperCase() : first;
  return `${start}${text.slice(1)}${text.endsWith('.') ? '' : '.'}`;
}
