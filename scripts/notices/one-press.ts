/**
 * One run at a time for one kind of letter of one school and term, on whichever machine and into whichever folder: what two would print at
 * once would give one family two valid codes. The Directus that they share keeps the place, by its own clock.
 */
import type { Held } from '../../schema/press.ts';
import { type Store, StoreError } from '../directus/store.ts';
import { alone, type Hold, hasEnded, inUse, keepWarm, type LockTimes, newHolder, usual } from './alone.ts';
import type { Facts } from './facts.ts';

/** Keeps every other run of this notice out for as long as `work` takes. Throws BusyError where one is at work. */
export const onePress = async <T>(
  store: Store,
  { school, term }: Pick<Facts, 'school' | 'term'>,
  kind: string,
  work: (hold: Hold) => Promise<T>,
  times: LockTimes = usual(),
): Promise<T> => {
  const place = `${school.code} ${term.id} ${kind}`;
  const own = newHolder(times.machine);
  const ask = (instead: string | null): Promise<Held> =>
    store.call<Held>('POST', '/kehou-press/hold', { place, own, instead, silence: times.silence });
  const take = async (): Promise<void> => {
    const { holder } = await ask(null);
    if (holder.id === own.id) return;
    const held = hasEnded(holder, times.machine) ? await ask(holder.id) : { holder, quiet: 0 };
    if (held.holder.id !== own.id) throw inUse(`${school.name}的「${kind}」`, held.holder, times.silence);
  };
  await take();
  try {
    return await keepWarm(own, take, times.beat, work);
  } finally {
    await store.call('POST', '/kehou-press/leave', { place, id: own.id }).catch((error: unknown) => {
      // Without Directus nobody can take the place either; it falls free by itself.
      if (!(error instanceof StoreError)) throw error;
    });
  }
};

/** Alone both in the folder and at the notice; `hold` asks for both. */
export const aloneAtPress = <T>(
  folder: string,
  store: Store,
  facts: Pick<Facts, 'school' | 'term'>,
  kind: string,
  work: (hold: Hold) => Promise<T>,
  times: LockTimes = usual(),
): Promise<T> =>
  alone(
    folder,
    (holdFolder) =>
      onePress(
        store,
        facts,
        kind,
        (holdPress) =>
          work(async () => {
            await holdFolder();
            await holdPress();
          }),
        times,
      ),
    times,
  );
