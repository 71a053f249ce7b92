/** What a page gets that asks what is there: without the catalogue, where the page was written with the same. That is half a megabyte. */
export type Opened<Opening> = Opening extends { readonly catalog: infer Catalog } ? Omit<Opening, 'catalog'> & { readonly catalog?: Catalog } : Opening;
