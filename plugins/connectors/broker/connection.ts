import { FlowError, type ErrorCode } from '../../sdk/index.ts';

/** Milliseconds in which a broker has to answer a connection that is made. */
export const connectMs = 10_000;

export const hostField = { type: 'string', minLength: 1, title: 'Host', description: 'Name or address of the broker.' } as const;

export const tlsFields = {
  tls: { type: 'boolean', default: false, title: 'TLS', description: 'The connection is encrypted, and the certificate of the broker is checked.' },
  serverName: { type: 'string', minLength: 1, title: 'Server name', description: 'Name that the certificate is for, where that is not the host.' },
} as const;

export const tlsCredentials = {
  authorities: { type: 'string', title: 'Authorities', description: 'PEM of the authorities to trust instead of the usual ones.' },
  certificate: { type: 'string', title: 'Client certificate', description: 'PEM, with the certificates between it and the authority.' },
  key: { type: 'string', writeOnly: true, title: 'Key of the certificate', description: 'PEM of the private key.' },
} as const;

interface TlsGiven {
  readonly host: string;
  readonly tls: boolean;
  readonly serverName?: string;
}

interface TlsSecrets {
  readonly authorities?: string;
  readonly certificate?: string;
  readonly key?: string;
}

/** What Node's TLS takes. */
export const tlsOptions = ({ serverName, host }: TlsGiven, { authorities, certificate, key }: TlsSecrets): { readonly servername?: string; readonly ca?: string; readonly cert?: string; readonly key?: string } => ({
  ...(serverName !== undefined ? { servername: serverName } : /[a-z]/i.test(host) && !host.includes(':') ? { servername: host } : {}),
  ...(authorities && { ca: authorities }), ...(certificate && { cert: certificate }), ...(key && { key }),
});

/** `host` as it stands in an address. */
export const hostOf = (host: string): string => (host.includes(':') && !host.startsWith('[') ? `[${host}]` : host);

/** The failure of a network, in words. `undefined`: it is none. Throws what is a fault of ours. */
export function networkFailure(error: unknown, address: string): FlowError | undefined {
  if (error instanceof TypeError || error instanceof ReferenceError || error instanceof RangeError) throw error;
  const code = codeOf(error);
  if (code === undefined) return undefined;
  const { why, remedy } = reasons[code]!;
  return new FlowError(code === 'ETIMEDOUT' ? 'REMOTE_TIMEOUT' : 'REMOTE_UNREACHABLE', `${address} cannot be reached: ${why}.`, { cause: error, details: { address, reason: code }, ...(remedy !== undefined && { remedy }) });
}

export const lost = (address: string, error?: unknown): FlowError => {
  const why = error instanceof Error && error.message !== '' ? `: ${error.message}` : '';
  return new FlowError('REMOTE_UNREACHABLE', `The connection to ${address} was lost${why.replace(/\.+$/, '')}.`, { ...(error !== undefined && { cause: error }), details: { address } });
};

/** `message`: a sentence; what is quoted in it may have ended with a full stop of its own. */
export const failure = (code: ErrorCode, message: string, cause?: unknown, remedy?: string): FlowError => new FlowError(code, message.replace(/\.+$/, '.'), { ...(cause !== undefined && { cause }), ...(remedy !== undefined && { remedy }) });

/** Settles as the work does; fails with the signal's reason where that aborts first, and `late` gets what comes after that. */
export async function unlessAborted<T>(work: Promise<T>, signal: AbortSignal, late?: (value: T) => void): Promise<T> {
  const aborted = Promise.withResolvers<never>();
  const leave = (): void => aborted.reject(signal.reason as Error);
  if (signal.aborted) leave();
  else signal.addEventListener('abort', leave, { once: true });
  aborted.promise.catch(() => work.then((value) => late?.(value), () => undefined));
  try {
    return await Promise.race([work, aborted.promise]);
  } finally {
    signal.removeEventListener('abort', leave);
  }
}

/** Waits for the end of a connection, but not long: a peer that is gone never answers, and some libraries then wait for ever. Never fails. */
export async function ended(work: Promise<unknown>): Promise<void> {
  const enough = Promise.withResolvers<void>();
  const timer = setTimeout(enough.resolve, 2_000);
  await Promise.race([work, enough.promise]).catch(() => undefined);
  clearTimeout(timer);
}

interface Reason {
  readonly why: string;
  /** Where the usual one does not help. */
  readonly remedy?: string;
}

const closed: Reason = { why: 'the connection was closed', remedy: 'Look at `tls`, the certificate and the port of the instance, and at the log of the server: one that wants TLS, or a certificate, hangs up on whoever comes without.' };
const unknownAuthority: Reason = { why: 'its certificate is signed by an authority that is not known', remedy: 'Give the PEM of the authority as `authorities` in the credentials of the instance.' };
const wantsCertificate: Reason = { why: 'it wants another certificate, or one at all', remedy: 'Give `certificate` and `key` in the credentials of the instance, of an authority that the server knows.' };
const noTls: Reason = { why: 'it speaks no TLS', remedy: 'Look at `tls` and the port of the instance.' };

const reasons: Readonly<Record<string, Reason>> = {
  ECONNREFUSED: { why: 'the connection was refused' }, ECONNRESET: closed, EPIPE: closed, ETIMEDOUT: { why: 'it does not answer' },
  ENOTFOUND: { why: 'there is no such host' }, EAI_AGAIN: { why: 'the name of the host cannot be looked up' }, EHOSTUNREACH: { why: 'there is no way to the host' }, ENETUNREACH: { why: 'there is no way to the network' },
  DEPTH_ZERO_SELF_SIGNED_CERT: { ...unknownAuthority, why: 'its certificate is signed by itself' }, SELF_SIGNED_CERT_IN_CHAIN: unknownAuthority, UNABLE_TO_VERIFY_LEAF_SIGNATURE: unknownAuthority, UNABLE_TO_GET_ISSUER_CERT_LOCALLY: unknownAuthority,
  CERT_HAS_EXPIRED: { why: 'its certificate has expired' }, ERR_TLS_CERT_ALTNAME_INVALID: { why: 'its certificate is that of another name', remedy: 'Give the name that the certificate is for as `serverName` of the instance.' },
  ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED: wantsCertificate, 'ERR_SSL_SSL/TLS_ALERT_BAD_CERTIFICATE': wantsCertificate, ERR_SSL_SSLV3_ALERT_BAD_CERTIFICATE: wantsCertificate,
  EPROTO: noTls, ERR_SSL_WRONG_VERSION_NUMBER: noTls, ERR_SSL_PACKET_LENGTH_TOO_LONG: noTls,
};

/** Libraries wrap what the network says in errors of their own. */
function codeOf(error: unknown): string | undefined {
  for (let at = error, depth = 0; at instanceof Error && depth < 5; at = at.cause, depth++) {
    const { code, errors } = at as { code?: unknown; errors?: readonly unknown[] };
    if (typeof code === 'string' && Object.hasOwn(reasons, code)) return code;
    const [inner] = errors ?? [];
    const found = inner === undefined ? undefined : codeOf(inner);
    if (found !== undefined) return found;
  }
  return undefined;
}
