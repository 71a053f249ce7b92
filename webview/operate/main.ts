import { pageAnnouncer } from '../shared/announcer.ts';
import { stylePage } from '../shared/styles.ts';
import { PatchbayOperate, type TokenStore } from './app.ts';
import './page.css';
import { takeToken } from './place.ts';

const key = 'patchbay.token';

/** Until the tab is closed; other tabs sign in for themselves. */
const tokens: TokenStore = {
  get: () => sessionStorage.getItem(key) ?? undefined,
  set: (token) => (token === undefined ? sessionStorage.removeItem(key) : sessionStorage.setItem(key, token)),
};

const { token, rest } = takeToken(location.hash);
if (token !== undefined) {
  tokens.set(token);
  // The token stays in no history.
  history.replaceState(undefined, '', rest || location.pathname);
}

stylePage();
const app = new PatchbayOperate();
app.tokens = tokens;
app.announcer = pageAnnouncer();
document.body.append(app);
