/** The command that sets a secret, for any shell. */
export const settingSecret = (name: string): string => `patchbay secrets set ${/^[\w./-]+$/.test(name) ? name : `'${name}'`}`;

/** The same advice where VS Code gives it, which has a command of its own. */
export const inEditor = (advice: string): string => advice.replaceAll(/`patchbay secrets set(?: [^`]*)?`/g, '*Patchbay: Set Secret…*');

/** Name of the environment variable that holds a secret: `shop-eu/token` → `PATCHBAY_SECRET_SHOP_EU_TOKEN`. */
export const secretVariable = (name: string): string => `PATCHBAY_SECRET_${name.toUpperCase().replaceAll(/[^A-Z0-9]/g, '_')}`;
