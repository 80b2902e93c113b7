/**
 * Which kinds of jobs wait for each other. A long print run must not keep a school waiting for the answer in its sheet.
 */
import { handlers, type JobKind } from './handlers.ts';

const short: readonly JobKind[] = ['sync'];

export type Lane = 'short' | 'long';

/** Each lane does its kinds one after another; every kind is in exactly one. */
export const lanes: Readonly<Record<Lane, readonly JobKind[]>> = {
  short,
  long: (Object.keys(handlers) as JobKind[]).filter((kind) => !short.includes(kind)),
};
