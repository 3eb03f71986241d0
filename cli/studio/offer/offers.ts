import { defined } from '../../../core/defined.ts';
import type { OfferAnswer } from '../../../reports/html/studio-api.ts';
import { PlayStopped } from '../../../sim/play/play-stopped.ts';
import { type Choice, findOffer } from './find-offer.ts';
import { Trial } from './trial.ts';

/**
 * Searches for the other changes that a choice needs. A new search or a play stops the earlier search, because each play needs the programs
 * of this computer exclusively.
 */
export class Offers {
  #trial: Trial | undefined;
  /** The number of the latest search. A search with a smaller number stops. */
  #latest = 0;

  async find(choice: Choice): Promise<OfferAnswer> {
    await this.stop();
    const mine = ++this.#latest;
    const isOld = (): boolean => mine !== this.#latest;
    try {
      const offer = await findOffer(choice, async (scenario) => {
        if (isOld()) throw new PlayStopped('a newer choice was made');
        const trial = new Trial(scenario);
        this.#trial = trial;
        const impossible = await trial.ended;
        if (trial.isStopped || isOld()) throw new PlayStopped('a newer choice was made');
        return impossible;
      });
      return { isBusy: false, ...defined({ offer }) };
    } catch (error) {
      if (error instanceof PlayStopped) return { isBusy: true };
      throw error;
    }
  }

  /** Stops the current search. Resolves when the trial play of that search has ended. */
  async stop(): Promise<void> {
    this.#latest++;
    this.#trial?.stop();
    await this.#trial?.ended;
    this.#trial = undefined;
  }
}
