import { createHash } from 'node:crypto';
import { setImmediate } from 'node:timers/promises';
import { promisify } from 'node:util';
import { brotliDecompress, gunzip, inflate, inflateRaw, zstdDecompress } from 'node:zlib';
import { Agent, request as send } from 'undici';
import { FlowError, type HttpRequest, type TlsIdentity } from '../../plugins/sdk/index.ts';
import type { RawResponse, Transport } from '../engine/host.ts';
import { HostTurns, usualConnections } from './host-turns.ts';

/**
 * Requests by undici: connections are kept and used again, answers are decompressed, and no answer grows beyond `maxBytes`, packed or unpacked.
 * Fails with `REMOTE_UNREACHABLE`, `REMOTE_TIMEOUT`, `REMOTE_TOO_LARGE`, with `REMOTE_FORMAT` for a compression that is not known or damaged, or with the reason
 * of the signal.
 */
export function openTransport(): Transport & AsyncDisposable {
  // The time limit is that of the whole exchange, so those of undici's phases are off.
  const usual = { keepAliveTimeout: 15_000, keepAliveMaxTimeout: 120_000, headersTimeout: 0, bodyTimeout: 0, connectTimeout: 10_000 };
  const turns = new HostTurns();
  const agents = new Map<string, Agent>();
  const closing = new Set<Agent>();
  /** A connection belongs to whoever proved who he is when it was made. */
  const agentOf = (tls: TlsIdentity | undefined, connections: number): Agent => {
    const key = `${connections} ${tls ? createHash('sha256').update(JSON.stringify(tls)).digest('hex') : ''}`;
    // The bound of the agent holds too for what was used a moment ago and is not free again: without it a further connection would be opened.
    const own = { ...usual, connections };
    const agent = agents.get(key) ?? new Agent(tls ? { ...own, connect: { cert: tls.certificate, key: tls.key, passphrase: tls.passphrase, ca: tls.authorities } } : own);
    agents.set(key, agent);
    return agent;
  };
  /** Connections that nobody uses count as well: before one too many is opened, those of other clients are closed. */
  const makeRoom = async (own: Agent, url: URL, connections: number): Promise<void> => {
    if (agents.size === 1) return;
    const idle = [...agents].map(([key, agent]) => ({ key, agent, count: idleAt(agent, url.origin) }));
    let open = turns.busyAt(url.host) + idle.reduce((sum, { count }) => sum + count, 0);
    if (open <= connections || idleAt(own, url.origin) > 0) return;
    for (const { key, agent, count } of idle) {
      if (count === 0 || open <= connections) continue;
      open -= count;
      // What is under way in it goes on to its end.
      agents.delete(key);
      closing.add(agent);
      void agent.close().finally(() => closing.delete(agent));
    }
    await setImmediate();
  };
  return {
    async send(request, options) {
      // Before its time begins: waiting is not the other system's fault.
      const { connections = usualConnections } = options;
      const url = new URL(request.url);
      const end = await turns.take(url.host, connections, options.signal, options.onTurn);
      try {
        await makeRoom(agentOf(options.tls, connections), url, connections);
        return await exchange(agentOf(options.tls, connections), request, options);
      } finally {
        end();
      }
    },
    [Symbol.asyncDispose]: async () => void (await Promise.all([...agents.values(), ...closing].map((agent) => agent.destroy()))),
  };
}

/** Connections to an origin that are open and have nothing to do. */
function idleAt(agent: Agent, origin: string): number {
  const stats = agent.stats[origin];
  return stats ? Number(stats.connected) - stats.running : 0;
}

async function exchange(dispatcher: Agent, request: HttpRequest, { signal, maxBytes }: Parameters<Transport['send']>[1]): Promise<RawResponse> {
  const { timeoutMs = 30_000 } = request;
  const { host } = new URL(request.url);
  const end = new AbortController();
  const onAbort = (): void => end.abort(signal.reason);
  signal.throwIfAborted();
  signal.addEventListener('abort', onAbort, { once: true });
  const timer = setTimeout(() => end.abort(new FlowError('REMOTE_TIMEOUT', `${host} did not answer within ${timeoutMs} ms.`, { details: { host, timeoutMs } })), timeoutMs);
  try {
    const headers = { 'user-agent': 'Patchbay', 'accept-encoding': 'gzip, br, deflate', ...request.headers };
    const { statusCode: status, headers: given, body } = await send(request.url, { dispatcher, method: request.method as 'GET', headers, body: request.body ?? null, signal: end.signal });
    const bytes = await readAll(body, maxBytes, host);
    return { status, headers: joined(given), body: bytes.length === 0 ? bytes : await decompress(bytes, given['content-encoding'], maxBytes, host) };
  } catch (error) {
    if (end.signal.aborted) throw end.signal.reason;
    throw FlowError.is(error) ? error : asRemoteError(error, host);
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', onAbort);
  }
}

async function readAll(body: AsyncIterable<Uint8Array>, maxBytes: number, host: string): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  try {
    for await (const chunk of body) {
      size += chunk.length;
      // Leaving the loop ends the connection.
      if (size > maxBytes) throw tooLarge(host, maxBytes);
      chunks.push(chunk);
    }
  } catch (error) {
    throw FlowError.is(error) ? error : cutOff(error, size, host);
  }
  return chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks, size);
}

const tooLarge = (host: string, maxBytes: number): FlowError => new FlowError('REMOTE_TOO_LARGE', `The answer of ${host} is longer than ${maxBytes} bytes.`, { details: { host, maxBytes } });

const decoders: Readonly<Record<string, (bytes: Uint8Array, maxOutputLength: number) => Promise<Uint8Array>>> = {
  identity: async (bytes) => bytes,
  gzip: (bytes, maxOutputLength) => promisify<Uint8Array, object, Buffer>(gunzip)(bytes, { maxOutputLength }),
  br: (bytes, maxOutputLength) => promisify<Uint8Array, object, Buffer>(brotliDecompress)(bytes, { maxOutputLength }),
  zstd: (bytes, maxOutputLength) => promisify<Uint8Array, object, Buffer>(zstdDecompress)(bytes, { maxOutputLength }),
  // Some servers send the bare stream although the standard wants it wrapped; the first byte of the wrapping tells.
  deflate: (bytes, maxOutputLength) => promisify<Uint8Array, object, Buffer>((bytes[0]! & 0x0f) === 8 ? inflate : inflateRaw)(bytes, { maxOutputLength }),
};

const PLAIN = 'Ask for an answer that is not compressed, with the header "accept-encoding": "identity" in "headers" of the connector; or let the other system say how its answers are compressed.';

async function decompress(bytes: Uint8Array, encodings: string | string[] | undefined, maxBytes: number, host: string): Promise<Uint8Array> {
  const names = String(encodings ?? '').toLowerCase().split(',').map((name) => name.trim().replace(/^x-/, '')).filter(Boolean);
  let decoded = bytes;
  for (const name of names.toReversed()) {
    const decode = Object.hasOwn(decoders, name) && names.length <= 3 ? decoders[name] : undefined;
    if (!decode) throw new FlowError('REMOTE_FORMAT', `The answer of ${host} is compressed in a way that is not known: its header "content-encoding" is ${JSON.stringify(names.join(', ').slice(0, 100))}.`, { details: { host }, remedy: PLAIN });
    try {
      decoded = await decode(decoded, maxBytes);
    } catch (cause) {
      if ((cause as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE') throw tooLarge(host, maxBytes);
      throw new FlowError('REMOTE_FORMAT', `The answer of ${host} cannot be decompressed: its header "content-encoding" is ${JSON.stringify(name)}, but its body is not that, or was cut (${(cause as Error).message}).`, { cause, details: { host }, remedy: PLAIN });
    }
  }
  return decoded;
}

const joined = (headers: Readonly<Record<string, string | string[] | undefined>>): Record<string, string> =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), Array.isArray(value) ? value.join(', ') : (value ?? '')]));

const causes: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'the connection was refused', ECONNRESET: 'the connection was closed', EPIPE: 'the connection was closed', UND_ERR_SOCKET: 'the connection was closed',
  ENOTFOUND: 'the name is not known', EAI_AGAIN: 'the name cannot be looked up at present', ETIMEDOUT: 'no connection came about in time', UND_ERR_CONNECT_TIMEOUT: 'no connection came about in time',
  ERR_SSL_WRONG_VERSION_NUMBER: 'it does not speak TLS; try http://', ERR_SSL_PACKET_LENGTH_TOO_LONG: 'it does not speak TLS; try http://', HPE_INVALID_CONSTANT: 'it does not speak HTTP; try https://',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'its certificate is signed by itself', SELF_SIGNED_CERT_IN_CHAIN: 'its certificate is signed by an authority that is not known', UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'its certificate is signed by an authority that is not known',
  CERT_HAS_EXPIRED: 'its certificate has expired', ERR_TLS_CERT_ALTNAME_INVALID: 'its certificate is that of another name',
  EHOSTUNREACH: 'there is no way to the host', ENETUNREACH: 'there is no way to the network',
};

/** The other system was reached, and did not finish. */
function cutOff(error: unknown, size: number, host: string): FlowError {
  const cause = firstCause(error);
  const code = (cause as NodeJS.ErrnoException).code ?? cause.name;
  return new FlowError('REMOTE_UNREACHABLE', `The answer of ${host} was cut off after ${size} bytes: ${causes[code] ?? cause.message} (${code}).`, { cause, details: { host, cause: code, bytes: size }, remedy: 'Try again. Where it is cut each time, the other system, or a proxy in front of it, ends the connection while it answers: ask for smaller pages, or see in its log why.' });
}

function asRemoteError(error: unknown, host: string): FlowError {
  const cause = firstCause(error);
  const code = (cause as NodeJS.ErrnoException).code ?? cause.name;
  if (code === 'UND_ERR_HEADERS_OVERFLOW') return new FlowError('REMOTE_TOO_LARGE', `The headers of the answer of ${host} are too long.`, { cause, details: { host } });
  return new FlowError('REMOTE_UNREACHABLE', `Cannot reach ${host}: ${causes[code] ?? (/^(ERR_SSL_|EPROTO)/.test(code) ? 'TLS could not be agreed on' : cause.message)} (${code}).`, { cause, details: { host, cause: code } });
}

/** Where a name has several addresses, the failure of the first of them says most. */
function firstCause(error: unknown): Error {
  if (error instanceof AggregateError && error.errors[0] instanceof Error) return error.errors[0];
  return error instanceof Error ? error : new Error(String(error));
}
