/**
 * The bureau's side of the sample county: parameters, terms, schools, providers, checks, complaints, inspections.
 * It never draws a child.
 */
import { addDays, endedMonths, firstOf, lastOf, schoolDays } from './calendar.ts';
import { adultName, phoneOf, providerNames, schoolNamer, townships } from './names.ts';
import type { Chance } from './random.ts';
import type { BureauRows, CountyOptions, RowOf, School, Settings } from './types.ts';
import { complaintTexts, countyWords, hazards, noticeBasis } from './words.ts';

export const termId = '2026-1';
export const termStart = '2026-09-01';
export const termEnd = '2027-01-22';

const settingsOf = (): Settings => ({
  county_name: '汝南县(示例)',
  bureau_name: '汝南县教育局(示例)',
  office_name: '基础教育股',
  fee_cap_primary: 60,
  fee_cap_junior: 60,
  fee_authority: '汝南县发展和改革委员会(示例)',
  fee_authority_no: '汝发改审批〔2021〕21号',
  min_days: 5,
  min_minutes: 120,
  off_work_summer: '18:30',
  off_work_winter: '18:00',
  summer_from: '05-01',
  summer_to: '09-30',
  due_day: 1,
  defer_holidays: false,
  bureau_phone: phoneOf(1),
  price_phone: '12315',
  notice_basis: [...noticeBasis],
  ...countyWords,
  reply_days: 5,
  retention_months: 12,
  privacy_officer: '周敏(示例)',
  privacy_reviewed_on: '2026-06-18',
});

const termsOf = (): BureauRows['terms'] => [
  {
    id: '2025-2',
    name: '2025—2026学年下学期',
    starts_on: '2026-02-24',
    ends_on: '2026-07-03',
    service_starts_on: '2026-03-02',
    service_ends_on: '2026-06-26',
    months: 4,
    current: false,
  },
  {
    id: termId,
    name: '2026—2027学年上学期',
    starts_on: termStart,
    ends_on: termEnd,
    service_starts_on: '2026-09-07',
    service_ends_on: '2027-01-15',
    months: 4,
    current: true,
  },
];

/** Shares after DOMAIN section 7 (a county of 28 junior and 164 primary schools, 67 of them teaching points). */
const shares: readonly (readonly [string, number])[] = [
  ['小学', 0.49],
  ['教学点', 0.32],
  ['初中', 0.13],
  ['九年一贯制', 0.06],
];

/** Deals `total` among weights so that the parts add up to it. */
export const dealt = (total: number, weights: readonly number[]): number[] => {
  const sum = weights.reduce((a, b) => a + b, 0);
  const exact = weights.map((weight) => (sum === 0 ? 0 : (total * weight) / sum));
  const parts = exact.map(Math.floor);
  const order = exact.map((value, index) => ({ index, rest: value - Math.floor(value) })).sort((a, b) => b.rest - a.rest || a.index - b.index);
  let left = total - parts.reduce((a, b) => a + b, 0);
  for (const { index } of order) {
    if (left-- <= 0) break;
    parts[index] = (parts[index] as number) + 1;
  }
  return parts;
};

const typesOf = (count: number): string[] => {
  const special = count >= 50 ? ['特殊教育', '完全中学初中部'] : [];
  const parts = dealt(
    count - special.length,
    shares.map(([, share]) => share),
  );
  return [...shares.flatMap(([type], index) => Array.from({ length: parts[index] as number }, () => type)), ...special];
};

const weightOf = (type: string, town: boolean, chance: Chance): number => {
  const base = { 小学: town ? 20 : 7, 教学点: 1.1, 初中: town ? 18 : 11, 九年一贯制: 9, 特殊教育: 2, 完全中学初中部: 10 }[type] ?? 5;
  return base * (0.7 + chance.next() * 0.6);
};

/** 2141990001: kind of school, Henan, a number nobody has (S32). */
const codeOf = (type: string, number: number): string =>
  `${{ 初中: '31', 完全中学初中部: '31', 九年一贯制: '31', 特殊教育: '51' }[type] ?? '21'}41${99}${String(number).padStart(4, '0')}`;

/** A school, and how many children its roster has. */
export interface Sized {
  readonly school: School;
  readonly short: string;
  readonly students: number;
}

const isTown = (type: string, index: number): boolean => type !== '教学点' && index % 5 === 0;

const schoolOf = (
  chance: Chance,
  type: string,
  township: string,
  number: number,
  named: { name: string; short: string },
  students: number,
): School => {
  const participation = 0.9 + chance.next() * 0.07;
  const leader = adultName(chance);
  return {
    code: codeOf(type, number),
    name: named.name,
    type,
    township,
    ownership: chance.happens(0.04) ? '民办' : '公办',
    urban_rural: township === '城关学区' ? '县城' : type === '教学点' || chance.happens(0.4) ? '乡村' : '镇区',
    boarding: type === '初中' || type === '九年一贯制' ? chance.happens(0.4) : false,
    enrolled: Math.max(students, Math.round(students / participation)),
    principal: adultName(chance),
    leader,
    leader_phone: phoneOf(8000 + number),
    hotline: phoneOf(9000 + number),
    pay_account: '学校收费专户,通过缴费平台缴纳,开具财政票据;不经家委会或第三方收取',
  };
};

const sizedSchools = (chance: Chance, options: CountyOptions): Sized[] => {
  const nameSchool = schoolNamer(chance);
  const types = typesOf(options.schools);
  const places = types.map((type, index) => ({
    type,
    township: isTown(type, index) ? townships[0] : (townships[1 + (index % (townships.length - 1))] as string),
  }));
  const least = Math.min(6, Math.floor(options.students / Math.max(1, options.schools)));
  const extra = dealt(
    options.students - least * places.length,
    places.map(({ type, township }) => weightOf(type, township === townships[0], chance)),
  );
  return places.map(({ type, township }, index) => {
    const named = nameSchool(type, township);
    const students = least + (extra[index] as number);
    return { school: schoolOf(chance, type, township, index + 1, named, students), short: named.short, students };
  });
};

const providersOf = (chance: Chance, count: number): RowOf<'providers'>[] =>
  providerNames.slice(0, Math.max(2, Math.min(providerNames.length, Math.ceil(count / 4)))).map(([name, category], index) => ({
    id: chance.rowId(),
    name: `${name}(示例)`,
    credit_code: `9141990000000${String(index + 1).padStart(4, '0')}X`,
    category,
    licence_no: `示例许可〔2025〕${index + 11}号`,
    licence_until: index === 3 ? '2026-12-31' : '2028-06-30',
    on_platform: true,
    batch: '2026年第一批',
    state: index === 5 ? '暂停' : '在册',
    services: `${category}类活动课程,仅非学科类`,
    price: 30 + 5 * (index % 4),
    price_method: index % 2 ? '其他竞争' : '招标',
    outside_price: 80 + 10 * (index % 3),
    contract_no: `示例合同2026-${String(index + 1).padStart(3, '0')}`,
    contract_from: '2026-09-01',
    contract_to: '2027-08-31',
  }));

const places = ['教学楼', '操场', '多功能厅', '校门口', '功能教室'];

const checksOf = (chance: Chance, school: School, months: readonly string[], today: string): RowOf<'safety_checks'>[] =>
  months.flatMap((month) =>
    schoolDays(firstOf(month), lastOf(month))
      .filter((_day, index) => index % 8 === 3)
      .map((day) => {
        const base = { id: chance.rowId(), school: school.code, checked_on: day, place: chance.pick(places), responsible: school.leader };
        if (!chance.happens(0.22)) return { ...base, item: chance.pick(hazards)[0], result: '合格' };
        const [item, hazard] = chance.pick(hazards);
        const deadline = addDays(day, 7);
        const closed = deadline < today && chance.happens(0.9) ? addDays(day, chance.whole(2, 6)) : null;
        return {
          ...base,
          item,
          result: '隐患',
          hazard,
          deadline,
          ...(closed ? { rechecked_by: school.principal, recheck: '已整改', closed_on: closed } : {}),
        };
      }),
  );

const complaintsOf = (chance: Chance, schools: readonly School[], today: string): RowOf<'complaints'>[] =>
  chance.some(schools, Math.max(1, Math.round(schools.length / 6))).map((school) => {
    const [matter, details, outcome] = chance.pick(complaintTexts);
    const received = addDays(today, -chance.whole(3, 60));
    const closed = addDays(received, chance.whole(4, 12));
    const done = closed < today;
    return {
      id: chance.rowId(),
      school: school.code,
      received_on: received,
      channel: chance.pick(['电话', '来信来访', '网络', '12345']),
      matter,
      details,
      deadline: addDays(received, 15),
      handler: '基础教育股',
      state: done ? '已办结' : '办理中',
      ...(done ? { outcome, closed_on: closed } : {}),
    };
  });

const inspectionsOf = (chance: Chance, schools: readonly School[], today: string): RowOf<'inspections'>[] =>
  chance.some(schools, Math.max(1, Math.round(schools.length / 8))).map((school) => {
    const day = schoolDays(addDays(today, -40), addDays(today, -5))[chance.whole(0, 15)] as string;
    const stars = chance.whole(3, 5);
    const faults = stars < 4;
    return {
      id: chance.rowId(),
      school: school.code,
      inspected_on: day,
      inspectors: [adultName(chance), adultName(chance)],
      methods: ['走访课堂', '查阅资料'],
      state: faults ? '待复查' : '已办结',
      sampled: chance.whole(10, 40),
      accuracy: stars === 5 ? 100 : 96 + chance.whole(0, 3),
      stars,
      strengths: '课表与实际一致,交接签字齐全。',
      faults: faults ? '个别社团考勤补登,外聘人员证件未随身携带。' : null,
      measure: faults ? '提醒' : null,
      ...(faults ? { demand: '一周内完善考勤和证件核验。', deadline: addDays(day, 10) } : {}),
    };
  });

/** The bureau's rows, and how large each school's roster is. */
export const drawBureau = (chance: Chance, options: CountyOptions): { bureau: BureauRows; sized: Sized[] } => {
  const sized = sizedSchools(chance.branch('schools'), options);
  const schools = sized.map((entry) => entry.school);
  const months = endedMonths(termStart, options.today);
  return {
    sized,
    bureau: {
      settings: settingsOf(),
      terms: termsOf(),
      schools,
      providers: providersOf(chance.branch('providers'), options.schools),
      safety_checks: schools.flatMap((school) => checksOf(chance.branch(`checks ${school.code}`), school, months, options.today)),
      complaints: complaintsOf(chance.branch('complaints'), schools, options.today),
      inspections: inspectionsOf(chance.branch('inspections'), schools, options.today),
    },
  };
};
