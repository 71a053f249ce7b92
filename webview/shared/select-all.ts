import { focusedElement } from './focused-element.ts';

/**
 * Ctrl+A takes what a screen makes of it, in a field its text, in a text that is only read that text; elsewhere nothing, as what stands on a screen is no document.
 * VS Code gives the key to the page, and then marks everything in it all the same.
 */
export function keepLabelsUnmarked(): void {
  let isByKey = false;
  let isOurs = false;
  const mark = (): void => {
    const focused = focusedElement();
    if (focused?.matches('input, textarea, [contenteditable]')) return;
    const selection = getSelection();
    if (focused?.localName === 'pre') {
      isOurs = true;
      selection?.selectAllChildren(focused);
    } else {
      selection?.removeAllRanges();
    }
  };
  document.addEventListener('pointerdown', () => { isByKey = false; }, true);
  document.addEventListener('keydown', (event) => {
    isByKey = (event.ctrlKey || event.metaKey) && !event.altKey && event.key.toLowerCase() === 'a';
    if (!isByKey || focusedElement()?.matches('input, textarea, [contenteditable]')) return;
    if (!event.defaultPrevented) mark();
    event.preventDefault();
  });
  document.addEventListener('selectionchange', () => {
    if (isOurs) isOurs = false;
    else if (isByKey && getSelection()?.type === 'Range') mark();
  });
}
