import type { FrameLocator, Locator, Page } from 'playwright-core';

/** VS Code as a person sees it. */
export class Workbench {
  readonly page: Page;
  private readonly url: string;

  constructor(page: Page, url: string) {
    this.page = page;
    this.url = url;
  }

  async open(): Promise<void> {
    await this.page.goto(this.url);
    await this.page.locator('.monaco-workbench .part.statusbar').waitFor({ timeout: 60_000 });
  }

  /** Until the extension is there: a file that is opened before opens as plain text and stays so. */
  async ready(): Promise<void> {
    await this.page.locator('.statusbar-item[id="patchbay.patchbay.patchbay.status"]').waitFor({ timeout: 60_000 });
  }

  /** Command palette: the row whose label is the title. */
  async command(title: string): Promise<void> {
    // Just after the start the palette may not know the extension's commands yet: then it is opened anew.
    for (let left = 6; left > 0; left--) {
      await this.page.keyboard.press('F1');
      const row = this.page.locator('.quick-input-list .monaco-list-row', { hasText: title }).first();
      const input = this.page.locator('.quick-input-widget:visible input[type=text]');
      // A webview that is just being loaded swallows keys.
      if (!(await input.waitFor({ timeout: 8_000 }).then(() => true, () => false))) continue;
      // What has the focus at this moment may close the palette again.
      if (!(await input.fill(`>${title}`, { timeout: 8_000 }).then(() => true, () => false))) continue;
      if (await row.waitFor({ timeout: left === 1 ? 30_000 : 4_000 }).then(() => true, () => false)) return row.click();
      await this.page.keyboard.press('Escape');
    }
    throw new Error(`The palette has no command ${title}.`);
  }

  /** A command that asks, and the row with this text in its list. */
  async choose(title: string, text: string): Promise<void> {
    for (let left = 4; left > 0; left--) {
      await this.command(title);
      const input = this.page.locator('.quick-input-widget:visible input[type=text]:not([placeholder="Type the name of a command to run."])');
      // The palette gives the focus back to the webview that had it; where that comes late it closes the list, and the user asks again.
      if (await input.fill(text, { timeout: left === 1 ? 30_000 : 8_000 }).then(() => true, () => false)) return this.page.locator('.quick-input-list .monaco-list-row', { hasText: text }).first().click();
    }
    throw new Error(`${title} did not ask.`);
  }

  /** Types into the open list and takes the row with this text. */
  async pick(text: string): Promise<void> {
    const input = this.page.locator('.quick-input-widget:visible input[type=text]');
    await input.fill(text);
    await this.page.locator('.quick-input-list .monaco-list-row', { hasText: text }).first().click();
  }

  /** Enters a text into the open input box. */
  async enter(text: string): Promise<void> {
    const input = this.page.locator('.quick-input-widget:visible input');
    await input.fill(text);
    await input.press('Enter');
  }

  /** Opens a file by its name, in its default editor. */
  async openFile(name: string): Promise<void> {
    const input = this.page.locator('.quick-input-widget:visible input[type=text]');
    const row = this.page.locator('.quick-input-list .monaco-list-row', { hasText: name }).first();
    for (let left = 4; left > 0; left--) {
      await this.page.keyboard.press('Control+P');
      // What has the focus at this moment may close the list again.
      if (!(await input.fill(name, { timeout: 8_000 }).then(() => true, () => false))) continue;
      // A list may be of what was found before the file was made: another one is not.
      if (await row.waitFor({ timeout: left === 1 ? 30_000 : 8_000 }).then(() => true, () => false)) break;
      await this.page.keyboard.press('Escape');
    }
    await row.click();
    await this.tab(name).waitFor();
  }

  tab(name: string): Locator {
    return this.page.locator('.tabs-container .tab', { hasText: name }).first();
  }

  async save(name: string): Promise<void> {
    await this.page.keyboard.press('Control+S');
    await this.page.locator('.tabs-container .tab:not(.dirty)', { hasText: name }).first().waitFor();
  }

  /** To another window, until VS Code has written down that this file is open: it does so some seconds after its window lost the focus. */
  async leaveWindow(openFile: string): Promise<void> {
    for (let left = 100; !(await this.page.evaluate(editorState)).includes(openFile); left--) {
      if (left === 0) throw new Error(`VS Code did not write down that ${openFile} is open.`);
      // There and back: while it starts VS Code misses that it lost the focus.
      await this.page.evaluate((focused) => {
        document.hasFocus = () => focused;
        window.dispatchEvent(new Event(focused ? 'focus' : 'blur'));
      }, left % 2 === 1);
      await this.page.waitForTimeout(200);
    }
  }

  /** The page of the shown webview. */
  webview(nth = 0): FrameLocator {
    return this.page.frameLocator(`iframe.webview.ready >> visible=true >> nth=${nth}`).frameLocator('iframe#active-frame');
  }

  /** Selects a step as one does with the keyboard: along the flow, from its beginning. */
  async selectStep(canvas: FrameLocator, name: RegExp): Promise<void> {
    const selected = canvas.locator('[role="option"][aria-selected="true"]');
    await canvas.locator('[role="option"]').first().waitFor();
    await canvas.locator('[role="option"][tabindex="0"]').first().focus();
    await this.page.keyboard.press('Home');
    for (let left = 12; left > 0; left--) {
      if (name.test((await selected.first().getAttribute('aria-label').catch(() => null)) ?? '')) return;
      await this.page.keyboard.press('ArrowRight');
    }
    throw new Error(`No step ${String(name)} lies along the flow.`);
  }

  /** A button that a row has while the pointer is on it. A view that is just being filled moves its rows away from the pointer: then it follows. */
  async rowButton(row: Locator, name: string): Promise<void> {
    for (let left = 6; left > 0; left--) {
      await row.hover();
      if (await row.getByRole('button', { name }).click({ timeout: left === 1 ? 30_000 : 4_000 }).then(() => true, () => false)) return;
    }
    throw new Error(`The row shows no button ${name}.`);
  }

  notification(text: string | RegExp): Locator {
    return this.page.locator('.notifications-toasts .notification-list-item', { hasText: text }).first();
  }

  get statusItem(): Locator {
    return this.page.locator('.statusbar-item[id="patchbay.patchbay.patchbay.status"]');
  }

  /** The text of the text editor; Monaco draws blanks as no-break spaces. */
  async editorText(): Promise<string> {
    return (await this.page.locator('.editor-instance .view-lines').first().innerText()).replaceAll('\u00a0', ' ');
  }
}

/** Runs in the page: what VS Code has written down of its tabs. */
async function editorState(): Promise<string> {
  const done = <T>(request: IDBRequest<T>): Promise<T> => new Promise((resolve) => { request.addEventListener('success', () => resolve(request.result)); });
  let states = '';
  for (const { name = '' } of await indexedDB.databases()) {
    if (!name.startsWith('vscode-web-state-db-') || name.includes('-global')) continue;
    const database = await done(indexedDB.open(name));
    states += String(await done(database.transaction('ItemTable').objectStore('ItemTable').get('memento/workbench.parts.editor')));
    database.close();
  }
  return states;
}
