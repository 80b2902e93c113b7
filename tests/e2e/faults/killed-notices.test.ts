/** Printing with class sets, zip and upload, and sending by mail, killed at any moment: nothing twice, nothing lost, and the next run finishes. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import JSZip from 'jszip';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { chanceOf } from '../../../scripts/county/random.ts';
import { deliverArea } from '../../../scripts/notices/deliver-area.ts';
import { sha256 } from '../../../scripts/notices/files.ts';
import { type AreaResult, printArea } from '../../../scripts/notices/print-area.ts';
import { startTestDirectus, type TestDirectus } from '../../helpers/directus.ts';
import { openPostOffice, type PostOffice } from '../../helpers/smtp.ts';
import { textOf } from '../../notices/desk.ts';
import { manyStudents, school, storeSchool, term } from '../../notices/fixture.ts';
import { progress } from '../stories.ts';
import { pause, startCommand } from './start-command.ts';

const prints = { first: 8, later: 22 };
const mails = 12;

const kind = '告家长书';
const pupils = manyStudents(24, 6);
const chance = chanceOf(20261126);
const flags = ['--school', school.code, '--zip', '--upload'];

let directus: TestDirectus;
let office: PostOffice;
let config: TestDirectus['config'];

const deps = () => ({ store: directus.store, config, progress });
const print = () => printArea(deps(), { school: school.code }, { kind, zip: true, upload: true });
const deliver = () => deliverArea(deps(), { school: school.code }, { kind });
const timed = async (work: () => Promise<unknown>): Promise<number> => {
  const began = performance.now();
  await work();
  return performance.now() - began;
};

beforeAll(async () => {
  [directus, office] = await Promise.all([startTestDirectus({ database: 'sqlite' }), openPostOffice(250)]);
  config = { ...directus.config, smtpUrl: office.url };
  const { store } = directus;
  await storeSchool(store, pupils, { mail_from: '县教育局 <kehou@example.com>' });
}, 240_000);
afterAll(async () => {
  await office?.close();
  await directus?.stop();
});

/** Starts the command and kills it after a part of the time that it takes; tells whether it was still at work. */
const killWithin = async (ms: number, more: readonly string[]): Promise<boolean> => {
  const { child, ended, words } = await startCommand(config, 'notices', more);
  await pause(chance.next() * ms);
  const working = child.exitCode === null;
  child.kill('SIGKILL');
  await ended;
  // Nothing but progress is said: no fault of a run before has stopped this one.
  expect(words.join('')).not.toMatch(/\n\s+at |正在由/);
  return working;
};

type Copy = {
  id: string;
  student: string;
  state: string;
  code: string;
  content_hash: string;
  file: string;
  sha256: string;
  mail_to: string;
  delivery: string;
};
const copies = async (): Promise<Copy[]> => (await directus.store.readRows('notice_copies')) as unknown as Copy[];
const valid = async (): Promise<Copy[]> => (await copies()).filter(({ state }) => state === '有效');
const names = new Map(pupils.map(({ id, name }) => [id, name]));
/** A new name makes a new letter, a new set of the class, a new zip and new files to upload. */
const rename = async (round: number): Promise<void> => {
  const pupil = pupils[(round * 7) % pupils.length] as (typeof pupils)[0];
  const name = `改名${'甲乙丙丁戊己庚辛壬癸'[round % 10]}${'子丑寅卯'[Math.floor(round / 10)]}`;
  names.set(pupil.id, name);
  await directus.store.updateRow('students', pupil.id, { name });
};

/** What Directus has of the letters, by title. */
const uploaded = async (): Promise<{ title: string; description: string; sum: string }[]> => {
  const folder = await directus.store.openFolder(['通知', school.name, `${term.id} ${kind}`]);
  const files = await directus.store.listFiles(folder);
  return Promise.all(
    files.map(async ({ id, title, description }) => {
      const answer = await fetch(`${directus.url}/assets/${id}`, { headers: { authorization: `Bearer ${directus.secrets.serviceToken}` } });
      return { title: title ?? '', description: description ?? '', sum: sha256(new Uint8Array(await answer.arrayBuffer())) };
    }),
  );
};

/** Letters, class sets, manifest, zip and Directus all hold the same files, with the names of the day. */
const agrees = async ({ folder, manifest: list, zip: packed }: AreaResult, now: readonly Copy[]): Promise<void> => {
  const onDisk = new Map<string, string>();
  for (const copy of now) {
    const path = join(folder, copy.file);
    onDisk.set(copy.file, sha256(await readFile(path)));
    expect(onDisk.get(copy.file)).toBe(copy.sha256);
    expect(textOf(path)).toContain(`尊敬的${names.get(copy.student)}同学家长`);
  }
  const manifest = JSON.parse(await readFile(list as string, 'utf8'));
  expect(manifest.copies).toHaveLength(pupils.length);
  for (const set of manifest.classes) {
    const path = join(folder, set.file);
    onDisk.set(set.file, sha256(await readFile(path)));
    expect(onDisk.get(set.file)).toBe(set.sha256);
    for (const { id, grade, class_no } of pupils) if (grade === set.grade && class_no === set.class) expect(textOf(path)).toContain(names.get(id));
  }
  const zip = await JSZip.loadAsync(await readFile(packed as string));
  const zipped = Object.values(zip.files).filter(({ name, dir }) => !dir && name.endsWith('.pdf'));
  expect(zipped).toHaveLength(pupils.length);
  for (const file of zipped) expect(sha256(await file.async('uint8array'))).toBe(onDisk.get(file.name));
  const there = await uploaded();
  expect(there.map(({ title }) => title).sort()).toEqual([...onDisk.keys()].sort());
  for (const { title, description, sum } of there)
    expect({ title, description, sum }).toEqual({ title, description: onDisk.get(title), sum: onDisk.get(title) });
};

describe('killed at any moment', () => {
  test(`a print run is killed ${prints.first + prints.later} times; then every letter is there once, and all that is made of them agrees`, async () => {
    let killed = 0;
    // The first kills fall where letters are made and recorded, whatever this takes here.
    const whole = 12_000;
    for (let round = 0; round < prints.first; round += 1) if (await killWithin(whole, flags)) killed += 1;
    const later = await timed(print);
    for (let round = 0; round < prints.later; round += 1) {
      await rename(round);
      if (await killWithin(later + 1500, flags)) killed += 1;
    }
    // Most kills must have met the run at work, or this test would show nothing.
    expect(killed).toBeGreaterThan((prints.first + prints.later) / 2);

    const result = await print();
    expect(result).toMatchObject({ copies: pupils.length, failed: 0, missing: [] });
    expect(await print()).toMatchObject({ printed: 0, reused: pupils.length, superseded: 0 });

    const all = await copies();
    const now = await valid();
    expect(now.map(({ student }) => student).sort()).toEqual(pupils.map(({ id }) => id).sort());
    expect(new Set(all.map(({ code }) => code)).size).toBe(all.length);
    // One letter of one content is made once, whatever was killed while it was made.
    expect(new Set(all.map(({ student, content_hash }) => `${student} ${content_hash}`)).size).toBe(all.length);
    expect(await directus.store.readRows('notices')).toHaveLength(1);

    await agrees(result, now);
  }, 900_000);

  test(`a delivery is killed ${mails} times: no letter goes out twice, and what may not have arrived is named`, async () => {
    const { store } = directus;
    for (const { id, student } of await valid())
      await store.updateRow('notice_copies', id, { mail_to: `${student.toLowerCase()}@example.com`, delivery: '排队' });
    const ids = () => office.received.map(({ mail }) => /^Message-ID: <(\S+)@kehou>/im.exec(mail)?.[1] ?? '');
    let killed = 0;
    for (let round = 0; round < mails; round += 1) if (await killWithin(2500, ['--school', school.code, '--deliver'])) killed += 1;
    expect(killed).toBeGreaterThan(mails / 3);
    const result = await deliver();
    const after = await valid();
    const [sent, unclear] = ['已发', '发送中'].map((state) => after.filter(({ delivery }) => delivery === state));
    expect((sent?.length ?? 0) + (unclear?.length ?? 0)).toBe(pupils.length);
    expect(result).toMatchObject({ wanted: pupils.length, queued: 0, failed: 0, unclear: unclear?.length });
    // No letter twice, and each that counts as sent has arrived.
    expect(new Set(ids()).size).toBe(ids().length);
    for (const { id } of sent ?? []) expect(ids()).toContain(id);
    // The clerk has asked the families of the unclear ones.
    for (const { id } of unclear ?? []) await store.updateRow('notice_copies', id, { delivery: ids().includes(id) ? '已发' : '排队' });
    await deliver();
    expect(ids().sort()).toEqual(after.map(({ id }) => id).sort());
    expect(await deliver()).toMatchObject({ sent: 0, already: pupils.length, queued: 0, unclear: 0 });
  }, 600_000);
});
