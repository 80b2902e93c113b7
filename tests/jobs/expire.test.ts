import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { expireLetters } from '../../scripts/jobs/expire.ts';
import { printNotices } from '../../scripts/notices/print-run.ts';
import { fakeStore } from '../helpers/fake-store.ts';
import { deskFor, temporaryFolder } from '../notices/desk.ts';
import { manyStudents, rowsWith, school, settings, term } from '../notices/fixture.ts';

const home = temporaryFolder();
afterAll(() => home.remove());

const wanted = { kind: '告家长书', school: school.code, zip: true, upload: true };

test('letters go when the months that they promise are over, and not before; that there were some stays', async () => {
  const store = fakeStore(
    { ...rowsWith(manyStudents(3, 3)), terms: [{ ...term, service_ends_on: '2027-01-31' }] },
    { ...settings, retention_months: 13 },
  );
  const { folder, zip } = await printNotices(deskFor(store, join(home.path, 'own')), wanted);
  const [copy] = store.rowsOf('notice_copies') as { id: string; code: string }[];
  await store.updateRow('notice_copies', copy?.id as string, {
    answer: { takesPart: true },
    mail_to: 'parent@example.com',
    read_at: '2026-09-02T00:00:00Z',
  });
  const files = store.files.size;
  expect(files).toBe(4);

  // The last of January and 13 months is the last of February.
  expect(await expireLetters(store, '2028-02-29')).toMatchObject({ notices: 0, copies: 0, files: 0 });
  expect(existsSync(folder)).toBe(true);
  expect(await expireLetters(store, '2028-03-01')).toEqual({ notices: 1, copies: 3, files, elsewhere: [] });
  expect([folder, zip].map((path) => existsSync(path as string))).toEqual([false, false]);
  expect(store.files.size).toBe(0);
  for (const row of store.rowsOf('notice_copies')) {
    expect(row).toMatchObject({ state: '已撤回', file: null, text_hash: null, answer: null, mail_to: null });
    expect(row.code).toMatch(/^[a-z2-7]{26}$/);
  }
  expect(store.rowsOf('notice_copies').find(({ id }) => id === copy?.id)?.read_at).toBe('2026-09-02T00:00:00Z');
  expect(await expireLetters(store, '2028-03-02')).toMatchObject({ notices: 0 });
});

test('a folder that is not of its notice is left alone and named', async () => {
  const store = fakeStore(rowsWith(manyStudents(2, 2)), settings);
  const { folder } = await printNotices(deskFor(store, join(home.path, 'other')), { kind: '告家长书', school: school.code });
  const elsewhere = join(home.path, 'papers');
  mkdirSync(elsewhere);
  writeFileSync(join(elsewhere, 'own.txt'), 'stays');
  const [notice] = store.rowsOf('notices') as { id: string }[];
  await store.updateRow('notices', notice?.id as string, { folder: elsewhere });
  expect(await expireLetters(store, '2030-01-01')).toMatchObject({ notices: 1, elsewhere: [elsewhere] });
  expect([join(elsewhere, 'own.txt'), folder].map((path) => existsSync(path))).toEqual([true, true]);
});
