/**
 * The banned patterns. `advice` says what to write instead. docs/style.md explains them.
 *
 * @type {{ pattern: RegExp, advice: string, except?: RegExp, kinds?: string[] }[]}
 */
export const rules = [
  {
    pattern: /\b(?:nobody|somebody|anybody|everybody|whoever|whomever|no one|someone)\b/gi,
    advice: 'name the actor: device, operator, attacker, client, service, user',
  },
  { pattern: /\b(?:he|him|his|she|her|hers)\b/gi, advice: 'a person is "they"; better, name the role' },
  {
    pattern:
      /(?:^|[.:;!?]\s+|[,(–—]\s*(?:and|or|but|of|for|to|by|with|on|from)\s+|\n\n)\s*(?:Whom?|Whose|who|whom|whose)\b(?![^.!?]*\?)/g,
    advice: 'start with the actor, not with "who"',
  },
  {
    pattern:
      /(?<![\w-])(?:^|[.!?]\s+|\n\n|\n\s*@param \S+ |\n\s*@returns )\s*(?:What|Whether|How|Where|Which|Why)\b(?![^.!?]*\?)/g,
    advice: 'start with a verb or a noun phrase, not with a clause ("Returns true if …", "Time from …")',
    kinds: ['comment'],
  },
  {
    pattern: /\bwhere (?:absent|none|it is not|there is none|there are none|that is not|not given)\b/gi,
    advice: 'write "if omitted, …" or "Default: …"',
  },
  {
    pattern: /\b(?:as it was|as they were|as it is)\b(?! (?:sent|written|stored|received|today))/gi,
    advice: 'write "unchanged"',
  },
  { pattern: /\b(?:came|comes|come|became|becomes|become) of\b/gi, advice: 'name the value: the result, the outcome' },
  {
    pattern: /\bof (?:its|our|their|your|his|an?) own\b|\bof (?:ours|theirs|yours)\b/gi,
    advice: 'write "its own thing", "our thing"',
  },
  {
    pattern: /\b(?:back[- ]?doors?|doors?)\b/gi,
    advice: 'a listener is a "listener"; extra units are "surplus units"',
  },
  { pattern: /\bstrangers?\b/gi, advice: 'write "other tenant" or "unknown client"' },
  { pattern: /\b(?:drawers?)\b/gi, advice: 'write "secret location"' },
  { pattern: /\b(?:deeds?)\b/gi, advice: 'write "action", "step result" or "assertion"' },
  { pattern: /\bbooks\b/gi, advice: 'write "service log"' },
  { pattern: /\bpapers\b/gi, advice: 'write "documents"' },
  { pattern: /\b(?:says|said|say) no\b|\b(?:let|lets|letting) in\b/gi, advice: 'write "rejects", "accepts"' },
  { pattern: /\bpass(?:ed|es)? over\b/gi, advice: 'write "not detected", "skipped"' },
  { pattern: /\bwith a minus\b/gi, advice: 'write "negative"' },
  { pattern: /\bover-?built\b/gi, advice: 'write "surplus"' },
  { pattern: /\bso (?:often|long)\b(?! as)/gi, advice: 'write "N times", "for N"' },
  {
    pattern: /\b(?:conductors?|crew|shelf|houses?)\b(?!-)/gi,
    advice: 'no metaphors: run controller, worker pool, scenario files',
  },
  { pattern: /\bseats?\b/gi, advice: 'write "attacker console"' },
  {
    pattern: /\b(?:goes with it|stands? in\b|stands? under\b|stands? behind\b|stands? beside\b|stands? there\b)/gi,
    advice: 'write "is part of", "is in", "chains to"',
  },
  {
    pattern: /\bnone (?:honest|of whom)\b|\b1 (?:honest )?(?:devices|units|times|days|hours|steps)\b/g,
    advice: 'numbers agree: "no honest devices affected", "1 device"',
  },
];
