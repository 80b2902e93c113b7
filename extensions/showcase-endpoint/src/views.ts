/**
 * How often the page of a case is opened: a number for each case and day, and nothing of who, from where or with what.
 * Counted in memory and added to `kehou_views`, and its sum to the case, every few seconds; what a crash loses is a few seconds.
 */
import type { Knex } from 'knex';

const table = 'kehou_views';

export interface Opened {
  readonly method: string;
  readonly status: number;
  /** Path below the endpoint: `/case/A.html`. */
  readonly path: string;
  /** Looked at for this one answer, and forgotten. */
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
}

const robots = /bot|spider|crawl|slurp|preview|monitor|curl|wget|python/i;

/** Id of the case that a person has just opened; null for everything else: robots, prefetching, other pages, pages that are not there. */
export const caseOpened = ({ method, status, path, headers }: Opened): string | null => {
  if (method !== 'GET' || (status !== 200 && status !== 304)) return null;
  const id = /^\/case\/([A-Za-z0-9_-]{1,12})\.html$/.exec(path)?.[1];
  if (!id || headers['sec-purpose'] || headers.purpose || robots.test(String(headers['user-agent'] ?? ''))) return null;
  return id;
};

export interface ViewCount {
  add(id: string, day: string): void;
  /** Writes what has come in since the last time. What could not be written is kept for the next time. */
  flush(): Promise<void>;
}

/** Adds up one flush: all of it or nothing, and `cases.views` is the sum of the days, whatever was written when. */
const write = (database: Knex, counts: ReadonlyMap<string, number>): Promise<void> =>
  database.transaction(async (trx) => {
    // In one order everywhere, so that two programs never wait for each other.
    for (const [key, views] of [...counts].sort()) {
      const [item = '', day = ''] = key.split(' ');
      await trx(table)
        .insert({ item, day, views })
        .onConflict(['item', 'day'])
        .merge({ views: trx.raw('?? + ?', [`${table}.views`, views]) });
    }
    for (const item of new Set([...counts.keys()].sort().map((key) => key.split(' ')[0] ?? '')))
      await trx('cases')
        .where({ id: item })
        .update({ views: trx(table).where({ item }).sum('views') });
  });

export const countViews = (database: Knex): ViewCount => {
  let counts = new Map<string, number>();
  const add = (key: string, by: number): void => {
    counts.set(key, (counts.get(key) ?? 0) + by);
  };
  return {
    add: (id, day) => add(`${id} ${day}`, 1),
    async flush() {
      const taken = counts;
      counts = new Map();
      if (taken.size === 0) return;
      try {
        await write(database, taken);
      } catch (error) {
        for (const [key, views] of taken) add(key, views);
        throw error;
      }
    },
  };
};

export interface Views {
  readonly item: string;
  /** Since counting began. */
  readonly views: number;
  readonly month: number;
}

/** Views of every case, all together and from this day on. */
export const readViews = async (database: Knex, from: string): Promise<Views[]> => {
  if (!(await database.schema.hasTable(table))) return [];
  const rows: { item: string; views: number | string; month: number | string | null }[] = await database(table)
    .groupBy('item')
    .select('item', database.raw('sum(views) as views'), database.raw('sum(case when day >= ? then views else 0 end) as month', [from]));
  return rows.map((row) => ({ item: row.item, views: Number(row.views), month: Number(row.month ?? 0) }));
};
