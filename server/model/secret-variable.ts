/** Name of the environment variable that holds a secret: `shop-eu/token` → `PATCHBAY_SECRET_SHOP_EU_TOKEN`. */
export const secretVariable = (name: string): string => `PATCHBAY_SECRET_${name.toUpperCase().replaceAll(/[^A-Z0-9]/g, '_')}`;
