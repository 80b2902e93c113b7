/** Counting how often a case is opened: numbers by case and day, and nothing of anybody. */
import knexPackage, { type Knex } from 'knex';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { caseOpened, countViews, readViews } from '../../extensions/showcase-endpoint/src/views.ts';

const opened = (change: Partial<Parameters<typeof caseOpened>[0]> = {}) =>
  caseOpened({ method: 'GET', status: 200, path: '/case/A1.html', headers: { 'user-agent': 'Mozilla/5.0 (Linux; Android 9)' }, ...change });

test('a page of a case that somebody opens counts, also when it comes from the copy that the reader has', () => {
  expect(opened()).toBe('A1');
  expect(opened({ status: 304 })).toBe('A1');
});

test.each([
  { method: 'HEAD' },
  { status: 404 },
  { path: '/index.html' },
  { path: '/case/../A1.html' },
  { path: '/case/A1.html/x' },
  { headers: { 'user-agent': 'Baiduspider/2.0' } },
  { headers: { 'sec-purpose': 'prefetch' } },
])('%j does not count', (change) => {
  expect(opened(change as never)).toBeNull();
});

describe('in the database', () => {
  let database: Knex;
  beforeAll(async () => {
    database = knexPackage({ client: 'sqlite3', connection: { filename: ':memory:' }, useNullAsDefault: true, pool: { min: 1, max: 1 } });
    await database.schema.createTable('kehou_views', (table) => {
      table.string('item', 12).notNullable();
      table.string('day', 10).notNullable();
      table.integer('views').notNullable();
      table.primary(['item', 'day']);
    });
    await database.schema.createTable('cases', (table) => {
      table.string('id', 12).primary();
      table.integer('views');
    });
    await database('cases').insert([{ id: 'A' }, { id: 'B' }, { id: 'D' }]);
  });
  afterAll(() => database.destroy());

  test('counts add up over days, and the month is told apart', async () => {
    const views = countViews(database);
    for (const day of ['2026-10-31', '2026-11-01', '2026-11-01']) views.add('A', day);
    await views.flush();
    views.add('A', '2026-11-01');
    views.add('B', '2026-11-02');
    await views.flush();
    await views.flush();
    expect(await database('kehou_views').orderBy(['item', 'day'])).toEqual([
      { item: 'A', day: '2026-10-31', views: 1 },
      { item: 'A', day: '2026-11-01', views: 3 },
      { item: 'B', day: '2026-11-02', views: 1 },
    ]);
    expect(await database('cases').orderBy('id')).toEqual([
      { id: 'A', views: 4 },
      { id: 'B', views: 1 },
      { id: 'D', views: null },
    ]);
    expect(await readViews(database, '2026-11-01')).toEqual([
      { item: 'A', views: 4, month: 3 },
      { item: 'B', views: 1, month: 1 },
    ]);
  });

  test('what cannot be written is kept and written later', async () => {
    const views = countViews(database);
    await database.schema.renameTable('kehou_views', 'elsewhere');
    views.add('C', '2026-11-03');
    await expect(views.flush()).rejects.toThrow();
    await database.schema.renameTable('elsewhere', 'kehou_views');
    await views.flush();
    expect(await database('kehou_views').where({ item: 'C' }).first()).toMatchObject({ views: 1 });
  });
});
