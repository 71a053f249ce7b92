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
    await this.page.keyboard.press('F1');
    await this.pick(title, '>');
  }

  /** Types into the open list and takes the row with this text. */
  async pick(text: string, before = ''): Promise<void> {
    const input = this.page.locator('.quick-input-widget:visible input[type=text]');
    await input.fill(before + text);
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
    await this.page.keyboard.press('Control+P');
    await this.pick(name);
    await this.tab(name).waitFor();
  }

  tab(name: string): Locator {
    return this.page.locator('.tabs-container .tab', { hasText: name }).first();
  }

  async save(name: string): Promise<void> {
    await this.page.keyboard.press('Control+S');
    await this.page.locator('.tabs-container .tab:not(.dirty)', { hasText: name }).first().waitFor();
  }

  /** The page of the shown webview. */
  webview(nth = 0): FrameLocator {
    return this.page.frameLocator(`iframe.webview.ready >> visible=true >> nth=${nth}`).frameLocator('iframe#active-frame');
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
