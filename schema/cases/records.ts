/**
 * What the JSON fields of a case hold, and how each is read: whatever is not in shape is left out, never guessed.
 * Pure; the one place that knows these shapes.
 */

/** What somebody who was there says about a photo. There is no recognition of faces: 不清楚 counts as faces. */
export const faceAnswers = ['有', '无', '不清楚'] as const;
/** Whether the guardians of those in the photo agreed to its being shown. 不清楚 counts as not given. */
export const consentAnswers = ['已同意', '未取得', '不清楚'] as const;
export type Faces = (typeof faceAnswers)[number];
export type Consent = (typeof consentAnswers)[number];

/** One photo of a case (`cases.photos`). */
export interface CasePhoto {
  /** Id of the Directus file; null while the photo could not be brought in (`fault` says why). */
  readonly file: string | null;
  /** Its name in the school's folder, or as it was called when it was uploaded. */
  readonly name: string;
  readonly caption: string;
  readonly faces: Faces;
  readonly consent: Consent;
  /** Who declared the two above last: what the bureau declared is not overwritten by the sheet. */
  readonly declared: '学校' | '县局';
  /** False: in the case's papers, but not to be shown. */
  readonly shown: boolean;
  /** EXIF and place removed, upright, scaled: only then may it go out. */
  readonly clean: boolean;
  readonly width: number | null;
  readonly height: number | null;
  /** sha256 of the picture as the school handed it in, so that the same one is not brought in twice. */
  readonly source: string | null;
  /** Chinese sentence with the remedy. */
  readonly fault: string | null;
}

/** A figure as it stood when it was quoted (`cases.figures`): a later correction of the return does not change it. */
export interface CaseFigure {
  /** 参与率 */
  readonly label: string;
  readonly value: number;
  /** `%`, `人`, `天` */
  readonly unit: string;
  readonly table: string;
  readonly field: string;
  /** Month of the return, `2026-10`. */
  readonly month: string;
  /** Row that it was read from. */
  readonly row: string;
  /** ISO 8601. */
  readonly frozen: string;
  /** The words of the case that quote it; empty where it was attached by a suggestion. */
  readonly quote: string;
}

/** Something the formal check found (`cases.formal.faults`). `level` 阻: the case cannot go on; 提: the reviewers should know. */
export interface CaseFault {
  readonly code: string;
  readonly level: '阻' | '提';
  /** Part of the case, in the form's words; empty for the whole. */
  readonly part: string;
  /** Chinese, with the remedy. Never quotes a personal number or a name in full. */
  readonly message: string;
}

/** Two passages that say nearly the same. Each is cut from its text as it stands. */
export interface SimilarPassage {
  readonly mine: string;
  readonly theirs: string;
}

export interface SimilarCase {
  readonly id: string;
  readonly title: string;
  /** Code of the school. */
  readonly school: string;
  /** Year in which it was handed in, `2025`. */
  readonly year: string;
  /** Part of the shorter text that stands in the other too, 0 to 100. */
  readonly share: number;
  /** It was there before this one: then this one is the copy to be explained. */
  readonly earlier: boolean;
  readonly passages: readonly SimilarPassage[];
}

/** Outcome of the formal check (`cases.formal`). */
export interface FormalCheck {
  /** ISO 8601. */
  readonly at: string;
  /** Mark of what was checked: another one means that the case has changed since. */
  readonly mark: string;
  /** Characters of the whole body, without blanks. */
  readonly length: number;
  readonly faults: readonly CaseFault[];
  readonly similar: readonly SimilarCase[];
}

/** A school that took a case over (`cases.adoptions`). */
export interface CaseAdoption {
  /** Code of the adopting school. */
  readonly school: string;
  /** `2026-11-20` */
  readonly on: string;
  readonly note: string;
  readonly result: string;
}

/** A school worth asking for a case (`schools.case_hint`), with what speaks for it. */
export interface CaseHint {
  readonly at: string;
  /** One Chinese sentence, ready to be sent. */
  readonly reason: string;
  readonly figures: readonly CaseFigure[];
  /** Day on which staff asked the school; null: not yet. */
  readonly asked: string | null;
}

type Loose = Readonly<Record<string, unknown>>;

const isLoose = (value: unknown): value is Loose => typeof value === 'object' && value !== null && !Array.isArray(value);
const looseList = (value: unknown): Loose[] => (Array.isArray(value) ? value.filter(isLoose) : []);
const words = (value: unknown): string => (typeof value === 'string' ? value : '');
const wordsOrNull = (value: unknown): string | null => (typeof value === 'string' && value !== '' ? value : null);
const numberOrNull = (value: unknown): number | null => (typeof value === 'number' && Number.isFinite(value) ? value : null);
const oneOf = <T extends string>(all: readonly T[], value: unknown, otherwise: T): T => (all.includes(value as T) ? (value as T) : otherwise);

/** A photo of which nothing is known but its file or its name. */
export const unknownPhoto = (known: { file?: string | null; name?: string }): CasePhoto => ({
  file: known.file ?? null,
  name: known.name ?? '',
  caption: '',
  faces: '不清楚',
  consent: '不清楚',
  declared: '学校',
  shown: true,
  clean: false,
  width: null,
  height: null,
  source: null,
  fault: null,
});

const photoOf = (item: unknown): CasePhoto[] => {
  if (typeof item === 'string') return [unknownPhoto({ file: item })];
  if (!isLoose(item)) return [];
  return [
    {
      file: wordsOrNull(item.file),
      name: words(item.name),
      caption: words(item.caption),
      faces: oneOf(faceAnswers, item.faces, '不清楚'),
      consent: oneOf(consentAnswers, item.consent, '不清楚'),
      declared: oneOf(['学校', '县局'] as const, item.declared, '学校'),
      shown: item.shown !== false,
      clean: item.clean === true,
      width: numberOrNull(item.width),
      height: numberOrNull(item.height),
      source: wordsOrNull(item.source),
      fault: wordsOrNull(item.fault),
    },
  ];
};

/** The photos of a case; a bare id, as older rows hold it, is a photo of which nothing is known. */
export const casePhotos = (value: unknown): CasePhoto[] => (Array.isArray(value) ? value.flatMap(photoOf) : []);

/** Photos that are to be shown: they have a file, and nobody has taken them out. */
export const shownPhotos = (value: unknown): (CasePhoto & { readonly file: string })[] =>
  casePhotos(value).filter((photo): photo is CasePhoto & { readonly file: string } => photo.shown && photo.file !== null);

/** Whether a photo may be seen by everybody as far as people are concerned: nobody's face, or the guardians agreed. */
export const mayBeSeen = (photo: Pick<CasePhoto, 'faces' | 'consent'>): boolean => photo.faces === '无' || photo.consent === '已同意';

export const caseFigures = (value: unknown): CaseFigure[] =>
  looseList(value).flatMap((item): CaseFigure[] => {
    const number = numberOrNull(item.value);
    if (number === null) return [];
    // In the order in which figures are made: what is read back must equal what was written.
    return [
      {
        label: words(item.label),
        value: number,
        unit: words(item.unit),
        table: words(item.table),
        field: words(item.field),
        month: words(item.month),
        row: words(item.row),
        frozen: words(item.frozen),
        quote: words(item.quote),
      },
    ];
  });

export const caseAdoptions = (value: unknown): CaseAdoption[] =>
  looseList(value).flatMap((item) =>
    words(item.school) === '' ? [] : [{ school: words(item.school), on: words(item.on), note: words(item.note), result: words(item.result) }],
  );

const faultOf = (item: Loose): CaseFault => ({
  code: words(item.code),
  level: oneOf(['阻', '提'] as const, item.level, '提'),
  part: words(item.part),
  message: words(item.message),
});

const similarOf = (item: Loose): SimilarCase => ({
  id: words(item.id),
  title: words(item.title),
  school: words(item.school),
  year: words(item.year),
  share: numberOrNull(item.share) ?? 0,
  earlier: item.earlier !== false,
  passages: looseList(item.passages).map((one) => ({ mine: words(one.mine), theirs: words(one.theirs) })),
});

/** Null where the case has not been checked yet. */
export const formalCheck = (value: unknown): FormalCheck | null =>
  isLoose(value) && words(value.at) !== ''
    ? {
        at: words(value.at),
        mark: words(value.mark),
        length: numberOrNull(value.length) ?? 0,
        faults: looseList(value.faults).map(faultOf),
        similar: looseList(value.similar).map(similarOf),
      }
    : null;

/** Null where nothing speaks for asking the school. */
export const caseHint = (value: unknown): CaseHint | null =>
  isLoose(value) && words(value.reason) !== ''
    ? { at: words(value.at), reason: words(value.reason), figures: caseFigures(value.figures), asked: wordsOrNull(value.asked) }
    : null;
