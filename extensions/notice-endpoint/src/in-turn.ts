/** Work on one child's records, one piece after the other: a button that was pressed twice makes one application, not two. */

export type InTurn = <T>(key: string, work: () => Promise<T>) => Promise<T>;

export const inTurn = (): InTurn => {
  const last = new Map<string, Promise<unknown>>();
  return (key, work) => {
    const before = last.get(key) ?? Promise.resolve();
    // A fault belongs to whoever asked for that piece; the next one goes on.
    const mine = before.then(work, work);
    last.set(key, mine);
    const forget = (): void => {
      if (last.get(key) === mine) last.delete(key);
    };
    mine.then(forget, forget);
    return mine;
  };
};
