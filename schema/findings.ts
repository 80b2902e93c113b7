/**
 * The life of a finding: open, answered by the school, and closed by the evidence or by a named person with a reason. Pure, and small
 * enough for a browser. Rules, sheets and screens all ask here which step may follow which.
 */
type Values = Readonly<Record<string, unknown>>;
interface Staged {
  readonly state?: unknown;
}

/** States in which somebody still has to do something. */
export const openFindingStates = ['未办', '学校已说明'] as const;
/** States that only a person gives, with a reason. */
const closedByPerson: readonly unknown[] = ['已办结', '误报'];

export const isOpenFinding = (row: Staged | Values): boolean => openFindingStates.some((state) => state === (row.state ?? '未办'));
export const isClosedByPerson = (state: unknown): boolean => closedByPerson.includes(state);

/** 参 is a question, not a demand: nobody has to answer it. */
export const asksAnswer = (row: { readonly severity?: unknown } | Values): boolean => row.severity !== '参';

/** Who answers in the workbook, as the history names it. */
export const bySheet = '学校(填报表)';

/** One entry of `history`. */
export interface Step {
  readonly at: string;
  readonly from: string | null;
  readonly to: string;
  readonly by: string;
  readonly reason: string;
}

const isBlank = (value: unknown): boolean => typeof value !== 'string' || value.trim() === '';

/** The history of a finding with one step more. */
export const withStep = (row: Values, step: Omit<Step, 'from'>): unknown[] => [
  ...(Array.isArray(row.history) ? row.history : []),
  { at: step.at, from: (row.state as string | null) ?? null, to: step.to, by: step.by, reason: step.reason } satisfies Step,
];

/** The state in which an answer leaves a finding: what is closed stays closed, an answer taken back leaves it open. */
export const stateAnswered = (row: Staged | Values, answer: unknown): string => {
  if (!isOpenFinding(row)) return String(row.state);
  return isBlank(answer) ? '未办' : '学校已说明';
};

/** What changes besides the answer itself when a school writes, rewrites or takes back its answer. */
export const answerTaken = (row: Values, answer: unknown, at: string, by: string): { readonly state: string; readonly history: unknown[] } => {
  const state = stateAnswered(row, answer);
  return { state, history: withStep(row, { at, to: state, by, reason: isBlank(answer) ? '撤回说明' : String(answer) }) };
};

/** Why a person may not give a finding this state; null where he may. `row` is as it will stand. */
export const stepRefused = (state: string, row: Values, isPerson: boolean): string | null => {
  if (state === '已消除' && isPerson) return '“已消除”由系统核查后写明;人工办结请选“已办结”或“误报”,并写办结理由';
  if (isClosedByPerson(state) && isBlank(row.close_reason)) return '选“已办结”或“误报”,须写办结理由';
  if (state === '学校已说明' && isBlank(row.answer)) return '选“学校已说明”,须先填学校说明';
  return null;
};

/** The reason that goes with a state: the words of whoever gave it. */
export const reasonOf = (row: Values): string =>
  String((isClosedByPerson(row.state) ? row.close_reason : row.state === '学校已说明' ? row.answer : null) ?? '');
