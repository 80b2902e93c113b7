import { readFileSync } from 'node:fs';
import type { AddressInfo, Socket } from 'node:net';
import { join } from 'node:path';
import { SMTPServer } from 'smtp-server';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type Mailer, openMailer } from '../../scripts/mail/mailer.ts';
import { deliverNotice } from '../../scripts/notices/deliver.ts';
import { printNotices } from '../../scripts/notices/print-run.ts';
import { type FakeStore, fakeStore } from '../helpers/fake-store.ts';
import { deskFor, temporaryFolder } from './desk.ts';
import { manyStudents, rowsWith, school, settings } from './fixture.ts';

interface Received {
  readonly from: string;
  readonly to: string;
  readonly mail: string;
}

const breakLines = (): void => {
  for (const line of lines) line.destroy();
};

const wanted = { kind: '告家长书', school: school.code };
const folder = temporaryFolder();
const received: Received[] = [];
let server: SMTPServer;
/** The line of each session, so that it can be broken. */
const lines = new Set<Socket>();
let mailer: Mailer;
let store: FakeStore;

beforeAll(async () => {
  server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS', 'AUTH'],
    onRcptTo({ address }, _session, done) {
      done(address.startsWith('nobody') ? Object.assign(new Error('no such user here'), { responseCode: 550 }) : null);
    },
    onData(stream, session, done) {
      // A line that breaks when the letter has been handed over, before the server has said that it took it.
      if (session.envelope.rcptTo[0]?.address.startsWith('cut')) return void stream.on('end', () => breakLines()).resume();
      const parts: Buffer[] = [];
      stream.on('data', (part: Buffer) => parts.push(part));
      stream.on('end', () => {
        const { mailFrom, rcptTo } = session.envelope;
        received.push({ from: mailFrom ? mailFrom.address : '', to: rcptTo[0]?.address ?? '', mail: Buffer.concat(parts).toString() });
        done(null);
      });
    },
  });
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  server.server.on('connection', (line) => void lines.add(line));
  mailer = openMailer(`smtp://127.0.0.1:${(server.server.address() as AddressInfo).port}`, '汝南县课后服务 <kehou@example.com>');
  store = fakeStore(rowsWith(manyStudents(4, 4)), settings);
  await printNotices(deskFor(store, folder.path), wanted);
});
beforeEach(() => void received.splice(0));
afterAll(async () => {
  mailer.close();
  await new Promise<void>((resolve) => void server.close(() => resolve()));
  folder.remove();
});

const copies = () => store.rowsOf('notice_copies') as { id: string; code: string; student: string; delivery: string; deliveries: object[] }[];
const wantsMail = (index: number, address: string) => store.updateRow('notice_copies', copies()[index]?.id as string, { mail_to: address });
const deliver = (by: Mailer | null = mailer) => deliverNotice(deskFor(store, folder.path), wanted, by);

const decodeQuoted = (text: string): string =>
  Buffer.from(
    text.replace(/=\r\n/g, '').replace(/=([0-9A-F]{2})/g, (_all, hex: string) => String.fromCharCode(Number.parseInt(hex, 16))),
    'latin1',
  ).toString();

describe('letters by mail', () => {
  test('nobody who has not asked for mail gets any', async () => {
    expect(await deliver()).toMatchObject({ wanted: 0, sent: 0, failed: 0 });
    expect(received).toEqual([]);
  });

  test('a letter goes to its own family with its own link and PDF, and no child’s name in what servers log', async () => {
    await wantsMail(0, 'parent@example.com');
    expect(await deliver()).toMatchObject({ wanted: 1, sent: 1, failed: 0 });
    expect(received).toHaveLength(1);
    expect(received[0]).toMatchObject({ from: 'kehou@example.com', to: 'parent@example.com' });
    const { mail } = received[0] as Received;
    const head = mail.slice(0, mail.indexOf('\r\n\r\n'));
    const [, encoding, body] = /text\/plain[\s\S]*?Content-Transfer-Encoding: (\S+)[\s\S]*?\r\n\r\n([\s\S]*?)\r\n--/.exec(mail) ?? [];
    const text = encoding === 'base64' ? Buffer.from(body ?? '', 'base64').toString() : decodeQuoted(body ?? '');
    expect(text).toContain(copies()[0]?.code);
    for (const { code } of copies().slice(1)) expect(text).not.toContain(code);
    expect(mail).toContain('application/pdf');
    for (const { name } of store.rowsOf('students') as { name: string }[]) expect(head + text).not.toContain(name);
    expect(copies()[0]).toMatchObject({ delivery: '已发', deliveries: [{ channel: '邮件', result: '已发', words: expect.stringContaining('250') }] });
  });

  test('a second run sends nothing again', async () => {
    expect(await deliver()).toMatchObject({ wanted: 1, sent: 0, already: 1 });
    expect(received).toEqual([]);
  });

  test('a refused letter keeps the server’s words, is tried three times in all, and does not stop the next', async () => {
    await wantsMail(1, 'nobody@example.com');
    await wantsMail(2, 'other@example.com');
    const first = await deliver();
    expect(first).toMatchObject({ sent: 1, failed: 1 });
    expect(first.failures[0]?.words).toContain('no such user here');
    await deliver();
    await deliver();
    expect(await deliver()).toMatchObject({ sent: 0, failed: 0 });
    expect(copies()[1]).toMatchObject({ delivery: '失败' });
    expect(copies()[1]?.deliveries).toHaveLength(3);
    expect(received.map(({ to }) => to)).toEqual(['other@example.com']);
  });

  test('a letter that a killed run has left on its way waits for a person to look at it', async () => {
    await store.updateRow('notice_copies', copies()[3]?.id as string, { mail_to: 'late@example.com', delivery: '发送中' });
    expect(await deliver()).toMatchObject({ sent: 0, unclear: 1 });
    expect(received).toEqual([]);
  });

  test('a line that breaks in the middle of a letter leaves it unclear: it is not sent again until a person says so', async () => {
    await store.updateRow('notice_copies', copies()[3]?.id as string, { mail_to: 'cut@example.com', delivery: '排队', deliveries: null });
    expect(await deliver()).toMatchObject({ sent: 0, failed: 0, unclear: 1 });
    expect(copies()[3]).toMatchObject({ delivery: '发送中', deliveries: [{ result: '不明' }] });
    expect(await deliver()).toMatchObject({ sent: 0, failed: 0, unclear: 1 });
    await store.updateRow('notice_copies', copies()[3]?.id as string, { mail_to: 'whole@example.com', delivery: '排队' });
    expect(await deliver()).toMatchObject({ sent: 1, unclear: 0 });
  });

  test('a letter that has failed three times goes out again when staff put it back into the queue', async () => {
    await store.updateRow('notice_copies', copies()[1]?.id as string, { mail_to: 'mended@example.com', delivery: '排队' });
    expect(await deliver()).toMatchObject({ sent: 1, queued: 0 });
    expect(copies()[1]?.deliveries).toHaveLength(4);
  });

  test('a file that is not there is said, and the next letter goes out', async () => {
    const there = copies()[0] as { id: string };
    const missing = copies()[2] as { id: string };
    await store.updateRow('notice_copies', missing.id, { file: 'nowhere.pdf', delivery: '排队' });
    await store.updateRow('notice_copies', there.id, { delivery: '排队' });
    expect(await deliver()).toMatchObject({ sent: 1, failed: 1, failures: [{ words: expect.stringContaining('不在本机') }] });
  });

  test('without a mail server the lists of links are written all the same, one line a child', async () => {
    const { linkLists, sent } = await deliver(null);
    expect(sent).toBe(0);
    const list = readFileSync(linkLists[0] as string, 'utf8');
    for (const { code } of copies()) expect(list).toContain(`https://kehou.example/notice/${code}`);
  });

  test('whoever has left an address on one letter gets the next by mail too; whoever has not gets none', async () => {
    const [first] = copies();
    await store.updateRow('notice_copies', first?.id as string, { mail_to: 'parent@example.com' });
    const others = copies().filter(({ student }) => student !== first?.student);
    await store.updateRows(
      'notice_copies',
      others.map(({ id }) => id),
      { mail_to: null },
    );
    const next = { kind: '自愿申请表', school: school.code };
    const forms = join(folder.path, 'forms');
    await printNotices(deskFor(store, forms), next);
    expect(await deliverNotice(deskFor(store, forms), next, mailer)).toMatchObject({ wanted: 1, sent: 1 });
    expect(received.map(({ to }) => to)).toEqual(['parent@example.com']);
  });
});
