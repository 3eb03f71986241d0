import { useRef, useState } from 'preact/hooks';
import type { Offer, OfferRequest } from '../../studio-api.ts';
import type { Api } from '../api.ts';

/** The search for the changes that a choice needs. */
interface Offers {
  /** The members that `useDraft` passes on to the page. */
  readonly shown: {
    readonly offer: Offer | 'searching' | undefined;
    accept(offer: Offer): void;
    undo(): void;
  };
  /** Shows the text after a choice, and looks for the other changes that the choice needs. */
  readonly find: (request: OfferRequest) => void;
  /** Removes the offer, and ignores the result of a running search. */
  clear(): void;
  /** Wraps `then` in a function that first removes the offer. */
  endsWith(then: (value: string) => void): (value: string) => void;
}

/**
 * @param onText receives a text and the ID of its variant: those of the offer that the user accepted or, after an undo, those before the
 *   choice. After a choice, it receives the changed text and an empty ID, because the same variant stays selected.
 */
export function useOffer(api: Api, onText: (text: string, id: string) => void): Offers {
  const [offer, setOffer] = useState<Offer | 'searching'>();
  const before = useRef<{ readonly text: string; readonly id: string } | undefined>(undefined);
  const turn = useRef(0);
  const clear = (): void => {
    turn.current++;
    setOffer(undefined);
  };
  return {
    shown: {
      offer,
      accept: ({ text, id }) => {
        clear();
        onText(text, id);
      },
      undo: () => {
        clear();
        if (before.current !== undefined) onText(before.current.text, before.current.id);
      },
    },
    find: (request) => {
      const mine = ++turn.current;
      before.current = { text: request.before, id: request.id };
      onText(request.text, '');
      setOffer('searching');
      // If the search fails, the page makes no offer. The user can still play the scenario, and its result names the problem.
      api.offer(request).then(
        (answer) => mine === turn.current && setOffer(answer.offer),
        () => mine === turn.current && setOffer(undefined),
      );
    },
    clear,
    endsWith: (then) => (value) => {
      clear();
      then(value);
    },
  };
}
