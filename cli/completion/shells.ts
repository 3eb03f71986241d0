import { bashScript } from './bash.ts';
import { fishScript } from './fish.ts';
import { zshScript } from './zsh.ts';

/** The completion script of each shell. Each script calls `rehearse complete -- WORDS`, so it stays valid after an update. */
export const completionScripts = { bash: bashScript, zsh: zshScript, fish: fishScript } as const;
