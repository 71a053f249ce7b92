const startsChord = ({ key, ctrlKey, metaKey, altKey, shiftKey }: KeyboardEvent): boolean => (ctrlKey || metaKey) && !altKey && !shiftKey && key.toLowerCase() === 'k';
/** As long as VS Code waits. */
const longestMs = 5_000;

/**
 * The second key behind Ctrl+K is VS Code's, whatever it would do on the page by itself. VS Code listens behind the page, and goes by the place of the key on the
 * keyboard: so the event goes on, and its name, by which pages go, is none.
 */
export function leaveChords(page: EventTarget): void {
  let startedAt: number | undefined;
  const onKey = (event: KeyboardEvent): void => {
    if (['Control', 'Shift', 'Alt', 'Meta'].includes(event.key)) return;
    const isSecond = startedAt !== undefined && event.timeStamp - startedAt < longestMs;
    startedAt = !isSecond && startsChord(event) ? event.timeStamp : undefined;
    if (!isSecond) return;
    event.preventDefault();
    Object.defineProperty(event, 'key', { value: 'Unidentified' });
  };
  const forget = (): void => { startedAt = undefined; };
  page.addEventListener('keydown', onKey as EventListener, { capture: true });
  page.addEventListener('blur', forget);
  page.addEventListener('pointerdown', forget, { capture: true });
}
