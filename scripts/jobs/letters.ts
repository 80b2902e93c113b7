/**
 * The job that prints the letters of supervision, and says of which inspections something is missing.
 */
import { printLetters } from '../supervision/letters.ts';
import type { JobContext, JobOutcome } from './handlers.ts';

/** The row's message holds no more. */
const longest = 500;

export const makeLetters = async (
  { config, store, progress }: JobContext,
  school: string | undefined,
  inspections: readonly string[] | undefined,
): Promise<JobOutcome> => {
  const result = await printLetters(config, store, progress, { ...(school ? { schools: [school] } : {}), ...(inspections ? { inspections } : {}) });
  const missing = result.letters.filter((one) => one.missing.length).map((one) => `${one.school}缺${one.missing.join('、')}`);
  const words = [`督导文书:新印 ${result.printed},沿用 ${result.reused}`, ...missing].join(';');
  return { result, message: words.slice(0, longest) };
};
