/** From a code to what the public may know of the letter. Reads no student, no guardian, no answer. */
import type { Knex } from 'knex';
import type { Table } from '../../../schema/fields.ts';
import { tables } from '../../../schema/index.ts';
import { fromRow } from '../../shared/values.ts';

export interface PublicNotice {
  /** The long code, also when the short one was typed. */
  readonly code: string;
  readonly state: '有效' | '已替换' | '已撤回';
  readonly school: string;
  readonly kind: string;
  readonly term: string;
  /** 成文日期 `2026-09-01`, or null. */
  readonly dated: string | null;
}

export type Asked = { readonly column: 'code' | 'short_code'; readonly value: string };

/** What a visitor gave: the long code of the QR, or the short one as typed (`abcd-efgh`, blanks). Null: neither. */
export const readCode = (given: string): Asked | null => {
  const bare = given.replace(/[\s\-—–_.]/g, '');
  if (/^[a-z2-7]{26}$/i.test(bare)) return { column: 'code', value: bare.toLowerCase() };
  if (/^[a-z0-9]{8}$/i.test(bare)) return { column: 'short_code', value: bare.toUpperCase() };
  return null;
};

/** The letter behind the code, or null: no such code, or a short code that two letters share. */
export const findNotice = async (database: Knex, { column, value }: Asked): Promise<PublicNotice | null> => {
  const found: Record<string, unknown>[] = await database('notice_copies')
    .join('notices', 'notices.id', 'notice_copies.notice')
    .join('schools', 'schools.code', 'notice_copies.school')
    .join('terms', 'terms.id', 'notices.term')
    .where(`notice_copies.${column}`, value)
    .limit(2)
    .select({
      code: 'notice_copies.code',
      state: 'notice_copies.state',
      noticeState: 'notices.state',
      school: 'schools.name',
      kind: 'notices.kind',
      term: 'terms.name',
      dated: 'notices.dated',
    });
  const [row] = found;
  if (!row || found.length > 1) return null;
  const { dated } = fromRow(tables.notices as unknown as Table, { dated: row.dated });
  const withdrawn = row.state === '已撤回' || row.noticeState === '已撤回';
  return {
    code: String(row.code),
    state: withdrawn ? '已撤回' : row.state === '已替换' ? '已替换' : '有效',
    school: String(row.school),
    kind: String(row.kind),
    term: String(row.term),
    dated: dated as string | null,
  };
};
