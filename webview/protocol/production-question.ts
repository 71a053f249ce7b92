const word = 'production';

/**
 * What is asked before something is done with production: everywhere in the same words, with the same word to be typed. `message`: the runner's sentence, or one of
 * ours. `effect`: what it comes to, where the message does not say it.
 */
export function productionQuestion(message: string, effect = 'Real data is changed.') {
  // What the runner tells who starts a run by a program is nothing for who is asked.
  const text = `${message.replace(/: whoever.*$/, '.')} ${effect}`.trim();
  return { title: 'This is production', text, action: 'Go on', field: { label: `Type “${word}” to go on`, mustBe: word } } as const;
}

/** What is asked before a trial writes, everywhere in the same words. `message`: the runner's sentence, or one of ours. `effect`: what comes of it beside. */
export function writeQuestion(message: string, effect = '') {
  // As above: who is asked needs not be told that somebody must be.
  return { title: 'This writes in the other system', text: `${message.replace(/ Whoever tries.*$/, '')} ${effect}`.trim(), action: 'Send it' } as const;
}
