import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { loadConfig } from '../../scripts/config.ts';
import { writeDigest } from '../../scripts/jobs/digest.ts';
import { remindSchools } from '../../scripts/jobs/remind.ts';
import type { Ledger } from '../../scripts/mail/ledger.ts';
import { type Mailer, openMailer } from '../../scripts/mail/mailer.ts';
import { fakeStore } from '../helpers/fake-store.ts';
import { openPostOffice, type PostOffice, subjectOf, textOf } from '../helpers/smtp.ts';

/** The rules of `kehou_mail`, kept in memory; the real table is held by the story of the month in Directus. */
const memoryLedger = (): Ledger => {
  const lines = new Map<string, { state: string; tries: number }>();
  return {
    async claim(purpose, recipient) {
      const key = `${purpose} ${recipient}`;
      const held = lines.get(key);
      if (held?.state === 'sent') return 'already';
      if (held?.state === 'sending') return 'unclear';
      if (held && held.tries >= 3) return 'given up';
      lines.set(key, { state: 'sending', tries: (held?.tries ?? 0) + 1 });
      return 'claimed';
    },
    async settle(purpose, recipient, sent) {
      const key = `${purpose} ${recipient}`;
      lines.set(key, { state: sent ? 'sent' : 'failed', tries: lines.get(key)?.tries ?? 1 });
    },
  };
};

const settings = {
  county_name: '汝南县(示例)',
  bureau_name: '汝南县教育局(示例)',
  office_name: '基础教育股',
  due_day: 1,
  defer_holidays: false,
  remind_days: 6,
  report_mailbox: 'yuebao@example.cn',
  bureau_phone: '0396-8021234',
  digest_to: ['fenguan@example.cn'],
};
const school = (code: string, name: string, email: string | null) => ({
  code,
  name,
  email,
  type: '小学',
  township: '柳林镇',
  leader: '周敏',
  opened_on: null,
  closed_on: null,
  workbook: null,
});
const child = '王小明';
const county = () =>
  fakeStore(
    {
      schools: [
        school('2141990001', '柳林镇中心小学(示例)', 'liulin@example.cn'),
        school('2141990002', '大陈教学点(示例)', 'nobody@example.cn'),
        school('2141990003', '已报小学(示例)', 'done@example.cn'),
        school('2141990004', '没有邮箱小学(示例)', null),
      ],
      monthly_reports: [
        { id: 'R1', school: '2141990001', month: '2026-10', state: '待确认' },
        {
          id: 'R3',
          school: '2141990003',
          month: '2026-10',
          state: '已收',
          first_valid_at: '2026-10-30T01:00:00.000Z',
          enrolled: 100,
          participants: 80,
        },
      ] as never,
      sheet_problems: [
        {
          id: 'P1',
          school: '2141990001',
          source: 'S1',
          tab: '学生报名',
          cell: 'F12',
          sheet_row: 12,
          header: '监护人电话',
          value: child,
          message: `填的是“${child}”`,
          kind: '有误',
          code: 'phone-invalid',
          closed_at: null,
        },
        {
          id: 'P2',
          school: '2141990001',
          source: 'S1',
          tab: '月报',
          cell: 'CD9',
          sheet_row: 9,
          header: '核对确认',
          value: '',
          message: '',
          kind: '提示',
          code: 'to-confirm',
          closed_at: null,
        },
      ] as never,
      sources: [
        { id: 'S1', school: '2141990001', own: '系统模板', kind: '谷歌表格', place: '1AbCdEf', cursor: { tabs: [{ sheetId: 77, title: '月报' }] } },
      ] as never,
      findings: [],
      cases: [],
      corrections: [],
    },
    settings,
  );

let folder: string;
let office: PostOffice;
let mailer: Mailer;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kehou-mail-'));
  office = await openPostOffice();
  mailer = openMailer(office.url, '汝南县课后服务 <kehou@example.cn>');
});
beforeEach(() => void office.received.splice(0));
afterAll(async () => {
  mailer.close();
  await office.close();
  await rm(folder, { recursive: true });
});

describe('reminders by mail', () => {
  const ledger = memoryLedger();
  const store = county();
  const remind = (today: string) => remindSchools(store, folder, { month: '2026-10', today, post: { mailer, ledger } });

  test('before the window nobody is written to', async () => {
    expect((await remind('2026-10-25')).mail).toMatchObject({ sent: 0, failed: 0 });
    expect(office.received).toEqual([]);
  });

  test('a school reads politely what is missing, in which cell, and where its workbook is; no child is named', async () => {
    expect(await remind('2026-10-26')).toMatchObject({ missing: 3, mail: { sent: 1, failed: 1, noAddress: ['2141990004'] } });
    const [{ mail, to } = { mail: '', to: '' }] = office.received;
    expect(to).toBe('liulin@example.cn');
    expect(subjectOf(mail)).toBe('请于2026年11月1日前报送2026年10月课后服务月报');
    const text = textOf(mail);
    for (const words of [
      '您好',
      '请核对数字，填上填报人，在“核对确认”里选“是”后保存',
      '「学生报名」F12 “监护人电话”',
      '「月报」CD9',
      'https://docs.google.com/spreadsheets/d/1AbCdEf/edit#gid=77&range=CD9',
      '0396-8021234',
      '谢谢',
    ])
      expect(text).toContain(words);
    expect(mail + text).not.toContain(child);
    expect(mail).toContain('Reply-To: yuebao@example.cn');
  });

  test('the same occasion never comes twice; the due day and the day after are occasions of their own', async () => {
    expect((await remind('2026-10-28')).mail).toMatchObject({ sent: 0, already: 1 });
    expect((await remind('2026-11-01')).mail).toMatchObject({ sent: 1 });
    expect((await remind('2026-11-02')).mail).toMatchObject({ sent: 1 });
    expect((await remind('2026-11-03')).mail).toMatchObject({ sent: 0, already: 1 });
    expect(office.received.map(({ mail }) => subjectOf(mail))).toEqual([
      '今天截止：2026年10月课后服务月报',
      '已过截止日：请补报2026年10月课后服务月报',
    ]);
  });

  test('a mail that was cut short is left for a person to look at', async () => {
    const cut: Ledger = { ...ledger, claim: async () => 'unclear' };
    expect((await remindSchools(store, folder, { month: '2026-10', today: '2026-10-29', post: { mailer, ledger: cut } })).mail).toMatchObject({
      sent: 0,
      unclear: 2,
    });
    expect(office.received).toEqual([]);
  });
});

test('the digest goes once to the mailbox and whoever else is named, with brief, table and workbook', async () => {
  const ledger = memoryLedger();
  const store = county();
  const config = { timezone: 'Asia/Shanghai', chromium: loadConfig().chromium, folders: { reports: folder } };
  const make = () =>
    writeDigest(config, store, { note: () => undefined }, { month: '2026-10', post: { mailer, ledger }, now: new Date('2026-11-02T02:00:00Z') });
  const first = await make();
  expect(first.mail).toMatchObject({ sent: 2, failed: 0 });
  expect(await readFile(first.file, 'utf8')).toContain('应报 4 所,已报 1 所,按时 1 所;按时报送率 25.00%');
  expect(office.received.map(({ to }) => to).sort()).toEqual(['fenguan@example.cn', 'yuebao@example.cn']);
  const { mail } = office.received[0] as PostOffice['received'][number];
  expect(subjectOf(mail)).toBe('汝南县（示例）2026年10月课后服务简报');
  expect(textOf(mail)).toContain('没有报齐的：柳林镇（1/4）');
  expect(mail.match(/Content-Type:\s+application\//g)).toHaveLength(3);
  expect((await make()).mail).toMatchObject({ sent: 0, already: 2 });
});
