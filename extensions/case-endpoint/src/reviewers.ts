/**
 * Who reviews which case, and the unguessable address of each reviewer. Nothing is stored: an address follows from the name and the
 * secret of this Directus, and ends when the name leaves the list.
 */
import { createHmac, timingSafeEqual } from 'node:crypto';

/** 22 characters, 132 bits. */
export const codeOf = (secret: string, reviewer: string): string =>
  createHmac('sha256', secret).update(`case-reviewer\0${reviewer}`).digest('base64url').slice(0, 22);

/** The reviewer whose code this is; null for anything else. */
export const reviewerWith = (secret: string, code: string, reviewers: readonly string[]): string | null => {
  const given = Buffer.from(code);
  return (
    reviewers.find((reviewer) => {
      const own = Buffer.from(codeOf(secret, reviewer));
      return own.length === given.length && timingSafeEqual(own, given);
    }) ?? null
  );
};

/** Those who judge a case: the ones named in it, else everybody. */
export const reviewersOf = (named: readonly string[] | null, all: readonly string[]): string[] => {
  const own = [...new Set((named ?? []).map((name) => name.trim()).filter(Boolean))];
  return own.length ? own : [...all];
};
