/**
 * The 回执 as it comes from the form: read and checked. Pure.
 * Presumes nothing: what was not ticked was not said, and saying no asks for nothing more (DOMAIN 2.2, N17, P2, P3).
 */
import { pickUps, weekdayNames } from '../../../schema/vocabulary.ts';

export interface Answer {
  readonly takesPart: boolean;
  /** Consent to keep the child's data electronically; null where taking no part makes it needless. */
  readonly consent: boolean | null;
  readonly days: readonly number[];
  readonly services: readonly string[];
  readonly pickUp: string | null;
  readonly entrustedName: string | null;
  readonly entrustedPhone: string | null;
  readonly waiver: boolean;
}

export type Checked = { readonly answer: Answer } | { readonly faults: readonly Fault[] };

/** What has to be mended, and the part of the form that it stands in. */
export interface Fault {
  readonly part: 'read' | 'part' | 'day' | 'pick_up' | 'entrusted_name' | 'entrusted_phone' | 'waiver' | 'consent';
  readonly words: string;
}

const schoolDays = [1, 2, 3, 4, 5];
const ways: readonly string[] = pickUps.map(({ value }) => value);

const line = (text: string | null): string | null => {
  const clean = (text ?? '')
    .replace(/[\p{Cc}\p{Cf}]/gu, '')
    .trim()
    .slice(0, 60);
  return clean === '' ? null : clean;
};

const nothing = { days: [], services: [], pickUp: null, entrustedName: null, entrustedPhone: null, waiver: false } as const;

const unless = (right: boolean, part: Fault['part'], words: string): Fault[] => (right ? [] : [{ part, words }]);
const decided = (form: URLSearchParams, name: string): boolean => ['yes', 'no'].includes(form.get(name) ?? '');

const faultsOf = (form: URLSearchParams, days: readonly number[], phone: string | null): Fault[] => {
  const pickUp = form.get('pick_up') ?? '';
  return [
    ...unless(days.length > 0, 'day', `请勾选参加的星期（${weekdayNames.slice(0, 5).join('、')}）。`),
    ...unless(ways.includes(pickUp), 'pick_up', '请选择接送方式。'),
    ...unless(pickUp !== '委托接' || line(form.get('entrusted_name')) !== null, 'entrusted_name', '请填写委托接送人的姓名。'),
    ...unless(
      phone === null || /^(1\d{10}|0\d{2,3}-?\d{7,8})$/.test(phone),
      'entrusted_phone',
      '委托接送人的电话不对：请填 11 位手机号，或带区号的座机。',
    ),
    ...unless(decided(form, 'waiver'), 'waiver', '请选择是否申请减免。'),
    ...unless(decided(form, 'consent'), 'consent', '请就个人信息单独选择同意或不同意。'),
  ];
};

/** `items` are the activities that may be chosen. */
export const readReply = (form: URLSearchParams, items: readonly string[]): Checked => {
  const part = form.get('part');
  const general = [
    ...unless(form.get('read') === 'yes', 'read', '请先勾选“已阅读并知悉”。'),
    ...unless(decided(form, 'part'), 'part', '请选择自愿参加或不参加。'),
  ];
  if (part === 'no') return general.length > 0 ? { faults: general } : { answer: { takesPart: false, consent: null, ...nothing } };
  const days = schoolDays.filter((day) => form.getAll('day').includes(String(day)));
  const phone = line(form.get('entrusted_phone'));
  const faults = [...general, ...(part === 'yes' ? faultsOf(form, days, phone) : [])];
  if (faults.length > 0) return { faults };
  const consent = form.get('consent') === 'yes';
  // Without consent nothing of the child is kept here: the slip goes on paper.
  if (!consent) return { answer: { takesPart: true, consent: false, ...nothing } };
  const entrusted = form.get('pick_up') === '委托接';
  return {
    answer: {
      takesPart: true,
      consent: true,
      days,
      services: items.filter((item) => form.getAll('item').includes(item)),
      pickUp: form.get('pick_up'),
      entrustedName: entrusted ? line(form.get('entrusted_name')) : null,
      entrustedPhone: entrusted ? phone : null,
      waiver: form.get('waiver') === 'yes',
    },
  };
};

/** An address that mail can be sent to; null for an empty field, undefined for one that is no address. */
export const readMailAddress = (given: string | null): string | null | undefined => {
  const address = (given ?? '').trim();
  if (address === '') return null;
  return address.length <= 200 && /^[\w.+-]+@[\w-]+(\.[\w-]+)+$/.test(address) ? address : undefined;
};
