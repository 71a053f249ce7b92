const address = /^https?:\/\/(?:[^\s/?#@]*@)?(?:\[[\d:a-f.]+\]|[^\s/?#:@[\]]+)(?::(\d+))?(?:[/?#]\S*)?$/i;

/** Whether a text is an absolute http or https address that a request can go to. */
export function isAddress(text: string): boolean {
  const found = address.exec(text);
  return found !== null && (found[1] === undefined || (Number(found[1]) > 0 && Number(found[1]) <= 65_535));
}
