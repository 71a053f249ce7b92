// Settings and credentials that the databases have in common.

export const host = { type: 'string', minLength: 1, title: 'Host', description: 'Name or address of the server.' } as const;
export const database = { type: 'string', minLength: 1, title: 'Database', description: 'Name of the database.' } as const;
export const tls = {
  enum: ['verify', 'encrypt', 'off'],
  enumDescriptions: ['The connection is encrypted, and the server proves by its certificate who it is.', 'It is encrypted, but nobody knows with whom: the certificate is not looked at.', 'It is not encrypted: only for a server on the same machine.'],
  default: 'verify', title: 'TLS', description: 'How the connection is protected.',
} as const;
export const authorities = { type: 'string', minLength: 1, title: 'Authorities', description: 'Certificates of the authorities that may vouch for the server, in PEM; default those of Node.js.', 'x-ui': { widget: 'textarea' } } as const;
export const readOnly = { type: 'boolean', default: false, title: 'Read only', description: 'Nothing is written over the connections of this instance: only `query` and `tables` can be called. A function that reaches out of the database is not kept from it: give the instance a user who has the rights to read, and no others.' } as const;
export const connectTimeoutMs = { type: 'integer', minimum: 1, maximum: 300_000, default: 10_000, title: 'Time limit of connecting', description: 'Milliseconds until a connection must be there.' } as const;

export const user = { type: 'string', minLength: 1, title: 'User', description: 'Name of the user of the database.' } as const;
export const password = { type: 'string', writeOnly: true, title: 'Password', description: 'Password of the user.' } as const;
export const certificate = { type: 'string', minLength: 1, title: 'Certificate', description: 'Certificate of the client in PEM, where the server asks for one.' } as const;
export const key = { type: 'string', minLength: 1, writeOnly: true, title: 'Private key', description: 'Private key of the certificate in PEM.' } as const;

interface TlsGiven {
  readonly tls: 'verify' | 'encrypt' | 'off';
  readonly authorities?: string | undefined;
  readonly host: string;
}

/** Options of a TLS connection; `undefined` where there is none. Line breaks may have been lost on the way into an environment variable. */
export function tlsOf({ tls: mode, authorities: ca }: TlsGiven, credentials: { readonly certificate?: string | undefined; readonly key?: string | undefined }): { rejectUnauthorized: boolean; ca?: string; cert?: string; key?: string } | undefined {
  if (mode === 'off') return undefined;
  const lines = (pem: string): string => pem.replaceAll('\\n', '\n');
  return {
    rejectUnauthorized: mode === 'verify',
    ...(ca !== undefined && { ca: lines(ca) }), ...(credentials.certificate !== undefined && { cert: lines(credentials.certificate) }), ...(credentials.key !== undefined && { key: lines(credentials.key) }),
  };
}

/** `postgresql://db.example.org:5432/shop` */
export const addressOf = (scheme: string, { host: name, port, database: base }: { readonly host: string; readonly port: number; readonly database?: string | undefined }): string =>
  `${scheme}://${name.includes(':') ? `[${name}]` : encodeURIComponent(name)}:${port}${base === undefined ? '' : `/${encodeURIComponent(base)}`}`;
