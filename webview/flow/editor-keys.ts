import { copy, cut, pasteText, type Command } from './actions.ts';
import { isKeptEscape } from '../shared/leaving.ts';
import { commandOf } from './keymap.ts';
import { startLink, typeTarget } from './link-actions.ts';
import type { MapLayer } from './map-layer.ts';
import { menuContext } from './menu.ts';
import type { Stage } from './stage.ts';

/** What the keys of the editor work on. */
export interface KeyedEditor extends Stage, HTMLElement {
  readonly map: MapLayer;
  readonly renderRoot: ParentNode;
  /** Whether letters and digits alone are commands. */
  readonly singleKeys: boolean;
  run(command: Command): void;
}

/** Keys, clipboard and menu of the flow editor. The page is listened to: just after its tab was chosen, nothing in it has the focus. */
export class EditorKeys {
  private isCanvasUsed = true;
  private readonly editor: KeyedEditor;

  constructor(editor: KeyedEditor) {
    this.editor = editor;
  }

  listen(): void {
    document.addEventListener('keydown', this.onKey);
    document.addEventListener('keydown', this.onEarlyKey, true);
    document.addEventListener('pointerdown', this.onAnyPointer, true);
    this.editor.addEventListener('contextmenu', this.onMenu);
    document.addEventListener('copy', this.onCopy);
    document.addEventListener('cut', this.onCut);
    document.addEventListener('paste', this.onPaste);
  }

  stop(): void {
    document.removeEventListener('keydown', this.onKey);
    document.removeEventListener('keydown', this.onEarlyKey, true);
    document.removeEventListener('pointerdown', this.onAnyPointer, true);
    this.editor.removeEventListener('contextmenu', this.onMenu);
    document.removeEventListener('copy', this.onCopy);
    document.removeEventListener('cut', this.onCut);
    document.removeEventListener('paste', this.onPaste);
  }

  /** The canvas has the keys also where nothing has the focus, as just after the tab was chosen; not where the user has pressed beside it. */
  private get hasCanvasFocus(): boolean {
    const { map, canvas } = this.editor;
    if (map.step !== undefined) return false;
    return canvas?.hasFocus === true || (this.isCanvasUsed && (document.activeElement === document.body || document.activeElement === null));
  }

  private readonly onAnyPointer = (event: PointerEvent): void => {
    const { canvas } = this.editor;
    this.isCanvasUsed = canvas !== undefined && event.composedPath().includes(canvas);
  };

  private readonly onKey = (event: KeyboardEvent): void => {
    const { editor } = this;
    if (editor.map.step !== undefined) return;
    const region = event.altKey && !event.ctrlKey && !event.metaKey && /^Digit[1-3]$/.test(event.code) ? event.code.at(-1) : undefined;
    if (region) {
      event.preventDefault();
      return this.goTo(region);
    }
    if (!this.hasCanvasFocus) {
      if (event.key === 'Escape' && !event.defaultPrevented) this.leave();
      return;
    }
    if (event.key === ' ') return event.preventDefault();
    if (editor.linking && !event.ctrlKey && !event.metaKey && !event.altKey && (event.key.length === 1 || event.key === 'Tab')) {
      event.preventDefault();
      return event.key === 'Tab' ? startLink(editor) : typeTarget(editor, event.key, event.timeStamp);
    }
    const command = commandOf({ key: event.key, shift: event.shiftKey, mod: event.ctrlKey || event.metaKey, alt: event.altKey }, { singleKeys: editor.singleKeys });
    // VS Code opens its own menu.
    if (!command || command === 'menu') return;
    event.preventDefault();
    editor.run(command);
  };

  private goTo(region: string | undefined): void {
    if (region === '1') this.editor.renderRoot.querySelector<HTMLElement>('.bar button:not(:disabled)')?.focus();
    else if (region === '2') void this.editor.canvas?.focusNode();
    else this.editor.openInspector();
  }

  // Closes what lies on top, else goes back to the canvas.
  private leave(): void {
    void (this.editor.closeTop() || this.editor.canvas?.focusNode());
  }

  private readonly onEarlyKey = (event: KeyboardEvent): void => {
    if (this.editor.map.step === undefined && isKeptEscape(event)) this.leave();
  };

  /** VS Code asks the nearest element outside of any shadow what its menu is about. */
  private readonly onMenu = (event: MouseEvent): void => {
    this.editor.dataset['vscodeContext'] = JSON.stringify(menuContext(this.editor, event));
  };

  private readonly onCopy = (event: ClipboardEvent): void => {
    if (!this.hasCanvasFocus || !event.clipboardData) return;
    event.preventDefault();
    copy(this.editor, event.clipboardData);
  };

  private readonly onCut = (event: ClipboardEvent): void => {
    if (!this.hasCanvasFocus || !event.clipboardData) return;
    event.preventDefault();
    void cut(this.editor, event.clipboardData);
  };

  private readonly onPaste = (event: ClipboardEvent): void => {
    if (!this.hasCanvasFocus || this.editor.store.readOnly) return;
    event.preventDefault();
    void pasteText(this.editor, event.clipboardData?.getData('text/plain') ?? '');
  };
}
