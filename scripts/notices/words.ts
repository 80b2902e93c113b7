/**
 * The paragraphs that staff edit in Directus: cleaned, and their placeholders filled in.
 * Never runs them as a template: a placeholder is looked up in a list, everything else stays text.
 */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import sanitizeHtml from 'sanitize-html';
import { fillPlaceholders, type PlaceholderName } from '../../schema/letters.ts';
import { className, gradeWord } from '../../schema/vocabulary.ts';
import { cleanText } from '../text/clean.ts';
import type { Facts, Notice, Records, Settings, Student } from './facts.ts';
import { feeAccount, feeOf } from './fee-words.ts';
import { templatesDir } from './template.ts';
import { addDays, spanText, typeset, weekdaysText, zhDate } from './wording.ts';

/** Paragraphs, emphasis, lists and tables; no addresses, no styles, no pictures: nothing that reaches out or breaks a page. */
const allowed: sanitizeHtml.IOptions = {
  allowedTags: ['p', 'br', 'strong', 'b', 'em', 'i', 'u', 'ol', 'ul', 'li', 'table', 'thead', 'tbody', 'tr', 'th', 'td'],
  allowedAttributes: { td: ['colspan', 'rowspan'], th: ['colspan', 'rowspan'] },
  transformTags: { h1: 'p', h2: 'p', h3: 'p', h4: 'p', h5: 'p', h6: 'p', div: 'p', section: 'p', blockquote: 'p' },
  allowedSchemes: [],
  disallowedTagsMode: 'discard',
  nonTextTags: ['script', 'style', 'textarea', 'option', 'noscript', 'title', 'iframe', 'object', 'svg', 'math'],
  enforceHtmlBoundary: false,
};

/** Text from the editor, with nothing in it but words and their order. */
export const cleanWords = (html: string): string =>
  sanitizeHtml(cleanText(html), allowed)
    .replace(/&nbsp;|\u00a0/g, ' ')
    .replace(/<p>\s*(<br \/>)?\s*<\/p>/g, '');

/** What a placeholder may ask for. */
export interface WordsFor {
  readonly facts: Facts;
  readonly student: Student;
  readonly records: Records;
  /** `2026-09-01` */
  readonly dated: string;
}

const basisText = ({ settings }: Facts): string =>
  (settings.notice_basis ?? [])
    .map((line) => typeset(line.trim()).replace(/[。；、，]$/, ''))
    .filter((line) => line !== '')
    .join('、');

/** 「学校核准」 gives the state; 中途退出 and 待审核 get no letter of this kind. */
const resultText = ({ enrolment }: Records): string => (enrolment?.state === '已通过' ? '同意参加' : enrolment?.state === '已拒绝' ? '未能安排' : '');

/** Placeholder → its text. The names and what they are for stand in schema/letters.ts, where the editor's list finds them too. */
const fillers: Readonly<Record<PlaceholderName, (of: WordsFor) => string>> = {
  学生姓名: ({ student }) => student.name,
  班级: ({ student }) => `${gradeWord(student.grade)}${className(student.class_no)}`,
  年级: ({ student }) => gradeWord(student.grade),
  学校: ({ facts }) => facts.school.name,
  学期: ({ facts }) => facts.term.name,
  教育局: ({ facts }) => facts.settings.bureau_name,
  依据: ({ facts }) => basisText(facts),
  服务开始日: ({ facts }) => zhDate(facts.term.service_starts_on ?? facts.term.starts_on),
  服务结束日: ({ facts }) => zhDate(facts.term.service_ends_on ?? facts.term.ends_on),
  收费标准: ({ facts, student }) => feeOf(facts, student).standard,
  应缴金额: ({ facts, student, records }) => {
    const account = feeAccount(facts, records, student);
    return (account ? account.payable : feeOf(facts, student).amount) ?? '由学校核定';
  },
  成文日期: ({ dated }) => zhDate(dated),
  回执截止日: ({ facts, dated }) => zhDate(addDays(dated, facts.settings.reply_days ?? 0)),
  学校电话: ({ facts }) => facts.school.hotline ?? '',
  报名结果: ({ records }) => resultText(records),
  参加星期: ({ records }) => weekdaysText(records.enrolment?.days ?? []),
  变更事项: ({ facts }) => facts.matter?.matter ?? '',
  变更日期: ({ facts }) => spanText(facts.matter?.from_on ?? null, facts.matter?.to_on ?? null),
  变更原因: ({ facts }) => typeset((facts.matter?.reason ?? '').trim()).replace(/[。；，]$/, ''),
};

export const placeholderNames = Object.keys(fillers);

const fillerOf = (name: string): ((of: WordsFor) => string) | null => (Object.hasOwn(fillers, name) ? fillers[name as PlaceholderName] : null);

const marks: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };
const escaped = (text: string): string => text.replace(/[&<>"']/g, (mark) => marks[mark] ?? mark);
/** Cleaned words with their placeholders filled in, as HTML. A name takes the same room as everywhere in a letter. */
export const fillWords = (words: string, of: WordsFor): string =>
  fillPlaceholders(words, (name, all) => {
    const text = fillerOf(name)?.(of);
    if (text === undefined) return escaped(all);
    return name === '学生姓名' ? `<span class="name">${escaped(text)}</span>` : escaped(text);
  });

/** The words that come with Kehou. */
export const ownWords = (template: string): string => readFileSync(join(templatesDir, 'notices', 'words', `${template}.html`), 'utf8').trim();

/** Says something: tags and blanks alone do not. */
const speaks = (html: string | null | undefined): html is string => cleanWords(html ?? '').replace(/<[^>]*>|\s/g, '') !== '';

/** The words of a notice: its own, else the county's for this kind, else those that come with Kehou. */
export const chooseWords = (template: string, notice: Pick<Notice, 'words'> | null, settings: Settings): string => {
  const county = (settings as Readonly<Record<string, unknown>>)[`words_${template.replaceAll('-', '_')}`];
  const chosen = [notice?.words, county as string | null | undefined].find(speaks);
  return cleanWords(chosen ?? ownWords(template));
};
