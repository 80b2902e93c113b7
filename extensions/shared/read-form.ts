/** Reads a posted form. Small ones only; anything else is refused. */
import type { IncomingMessage } from 'node:http';

/** The fields of the form, or null when it is larger than `most` bytes or no form. */
export const readForm = async (request: IncomingMessage, most: number): Promise<URLSearchParams | null> => {
  if (!(request.headers['content-type'] ?? '').startsWith('application/x-www-form-urlencoded')) return null;
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of request as AsyncIterable<Buffer>) {
    size += part.length;
    if (size > most) return null;
    parts.push(part);
  }
  return new URLSearchParams(Buffer.concat(parts).toString('utf8'));
};
