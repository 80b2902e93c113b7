/**
 * How a county judges its cases: what its settings say, and what holds where they say nothing. Pure.
 * No official marking sheet and no limit of length was found (DOMAIN section 4): every default here is a convention (C),
 * but for the criteria's words, which are those of the call of S27.
 */
import type { Row } from '../fields.ts';
import type { settings } from '../tables/settings.ts';

export interface Criterion {
  readonly name: string;
  /** Highest mark. */
  readonly weight: number;
  readonly about: string;
}

/** A level of quality: marks from this share (per cent) of the weight upwards. */
export interface Band {
  readonly name: string;
  readonly from: number;
  readonly about: string;
}

/** What the formal check asks of one part, in characters without blanks; null: no limit. */
export interface PartLimit {
  readonly part: string;
  readonly required: boolean;
  readonly min: number | null;
  readonly max: number | null;
}

/** How many cases get an award. */
export interface AwardPlaces {
  readonly award: string;
  readonly places: number;
}

export interface Conventions {
  readonly rubric: readonly Criterion[];
  readonly bands: readonly Band[];
  readonly parts: readonly PartLimit[];
  readonly awards: readonly AwardPlaces[];
  /** Names of those who review every case. */
  readonly reviewers: readonly string[];
  /** Two cases count as alike from this share of common text, 0 to 100. */
  readonly similarFrom: number;
  /** Awards that one township may get; null: any number. */
  readonly townshipQuota: number | null;
  /** Reviews of one case lie wide apart from this difference of marks upwards. */
  readonly wideSpread: number;
  readonly photoMegabytes: number;
  readonly photosPerCase: number;
  /** Points of participation within a term from which a school is worth asking. */
  readonly hintPoints: number;
}

type SettingsRow = Partial<Row<typeof settings>>;

/** Criteria as S27 lists them; the weights are a convention. */
export const usualRubric: readonly Criterion[] = [
  { name: '聚焦难点堵点', weight: 15, about: '问题真实、具体,抓住“双减”和课后服务的难点堵点。' },
  { name: '机制与特色', weight: 15, about: '有长效机制、特色载体,不靠一时一事。' },
  { name: '举措具体', weight: 25, about: '做法有人、有时间、有步骤,别人看得懂、学得会。' },
  { name: '成效突出', weight: 20, about: '成效有数据、有事实,数据有出处,前后可比。' },
  { name: '师生家长认可', weight: 10, about: '师生和家长认可,有事实说明。' },
  { name: '可复制可推广', weight: 15, about: '条件相近的学校用得上,写明要守住的条件。' },
];

export const usualBands: readonly Band[] = [
  { name: '优', from: 90, about: '突出,可作样板' },
  { name: '良', from: 75, about: '扎实,有亮点' },
  { name: '中', from: 60, about: '基本做到' },
  { name: '差', from: 0, about: '空泛或没有做到' },
];

export const usualParts: readonly PartLimit[] = [
  { part: '摘要', required: true, min: 20, max: 400 },
  { part: '背景与问题', required: true, min: 30, max: 1500 },
  { part: '主要做法', required: true, min: 100, max: 4000 },
  { part: '成效', required: true, min: 30, max: 2000 },
  { part: '经验与启示', required: false, min: null, max: 1500 },
  { part: '全文', required: true, min: 300, max: 8000 },
];

export const usualAwards: readonly AwardPlaces[] = [
  { award: '一等奖', places: 3 },
  { award: '二等奖', places: 6 },
  { award: '三等奖', places: 9 },
];

type Loose = Readonly<Record<string, unknown>>;

const rows = (value: unknown): Loose[] => (Array.isArray(value) ? value.filter((one): one is Loose => typeof one === 'object' && one !== null) : []);
/** The editor of lists may give figures as text. */
const figure = (value: unknown): number | null => {
  if (typeof value !== 'number' && (typeof value !== 'string' || value.trim() === '')) return null;
  const number = Number(value);
  return Number.isFinite(number) && number >= 0 ? number : null;
};
const words = (value: unknown): string => (typeof value === 'string' ? value.trim() : '');
const orUsual = <T>(given: readonly T[], usual: readonly T[]): readonly T[] => (given.length > 0 ? given : usual);

const readRubric = (value: unknown): Criterion[] =>
  rows(value).flatMap((row) => {
    const weight = figure(row.weight);
    return words(row.name) && weight ? [{ name: words(row.name), weight, about: words(row.about) }] : [];
  });

const readBands = (value: unknown): Band[] =>
  rows(value)
    .flatMap((row) => (words(row.name) ? [{ name: words(row.name), from: figure(row.from) ?? 0, about: words(row.about) }] : []))
    .sort((a, b) => b.from - a.from);

const readParts = (value: unknown): PartLimit[] =>
  rows(value).flatMap((row) =>
    words(row.part) ? [{ part: words(row.part), required: row.required === true, min: figure(row.min), max: figure(row.max) }] : [],
  );

const readAwards = (value: unknown): AwardPlaces[] =>
  rows(value).flatMap((row) => (words(row.award) ? [{ award: words(row.award), places: Math.floor(figure(row.places) ?? 0) }] : []));

/** What the county has set, and the usual where it has set nothing. */
export const conventionsOf = (settings: SettingsRow): Conventions => ({
  rubric: orUsual(readRubric(settings.case_rubric), usualRubric),
  bands: orUsual(readBands(settings.case_bands), usualBands),
  parts: orUsual(readParts(settings.case_parts), usualParts),
  awards: orUsual(readAwards(settings.case_awards), usualAwards),
  reviewers: [...new Set((settings.case_reviewers ?? []).map((name) => name.trim()).filter(Boolean))],
  similarFrom: settings.case_similar_from ?? 30,
  townshipQuota: settings.case_township_quota ?? null,
  wideSpread: settings.case_wide_spread ?? 15,
  photoMegabytes: settings.case_photo_megabytes ?? 20,
  photosPerCase: settings.case_photos_most ?? 12,
  hintPoints: settings.case_hint_points ?? 10,
});

/** Full marks of a rubric. */
export const fullMarks = (rubric: readonly Criterion[]): number => rubric.reduce((sum, one) => sum + one.weight, 0);

/** The band of a mark out of `weight`. */
export const bandOf = (bands: readonly Band[], mark: number, weight: number): Band | undefined =>
  bands.find((band) => weight > 0 && (mark / weight) * 100 >= band.from);
