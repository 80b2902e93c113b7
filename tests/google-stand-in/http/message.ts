/**
 * Requests read and answers written over node:http.
 * Knows nothing of what is asked.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { gzipSync } from 'node:zlib';
import { invalidBody } from '../errors.ts';
import type { Body } from '../sheets/value-range.ts';

export interface Answer {
  readonly status: number;
  readonly type: string;
  readonly bytes: Buffer;
}

const jsonType = 'application/json; charset=UTF-8';

export const jsonAnswer = (status: number, body: unknown): Answer => ({
  status,
  type: jsonType,
  bytes: Buffer.from(`${JSON.stringify(body, null, 2)}\n`),
});
export const emptyAnswer = (): Answer => ({ status: 204, type: '', bytes: Buffer.alloc(0) });

export const readBytes = async (request: IncomingMessage): Promise<Buffer> => {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
};

/** The JSON object of a body; {} where there is none. Throws 400 for text that is no JSON. */
export const parseJson = (bytes: Buffer): Body => {
  if (!bytes.length) return {};
  let body: unknown;
  try {
    body = JSON.parse(bytes.toString('utf8'));
  } catch (error) {
    throw invalidBody('', `Invalid JSON payload received. ${(error as Error).message}`);
  }
  if (typeof body !== 'object' || body === null || Array.isArray(body))
    throw invalidBody('', 'Invalid JSON payload received. Root must be an object.');
  return body as Body;
};

export const send = (request: IncomingMessage, response: ServerResponse, { status, type, bytes }: Answer): void => {
  const zip = bytes.length > 1024 && /\bgzip\b/.test(String(request.headers['accept-encoding'] ?? ''));
  const content = zip ? gzipSync(bytes, { level: 1 }) : bytes;
  response.writeHead(status, {
    ...(type ? { 'Content-Type': type } : {}),
    ...(zip ? { 'Content-Encoding': 'gzip' } : {}),
    ...(status === 204 ? {} : { 'Content-Length': content.length }),
    Vary: 'Origin, X-Origin, Referer',
    'Cache-Control': 'private',
  });
  response.end(content);
};
