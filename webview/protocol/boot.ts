/** What the host puts into a page, so that the first paint needs no round trip: JSON, in which nothing ends the element that it stands in. */
export const bootScript = (boot: unknown): string => `<script type="application/json" id="patchbay-boot">${JSON.stringify(boot).replaceAll('<', String.raw`\u003c`)}</script>`;
