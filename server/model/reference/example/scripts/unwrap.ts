/** Acme packs some answers into an envelope. */
export default ({ response }: { response: { body: { envelope?: unknown } } }) => ({ body: response.body.envelope ?? response.body });
