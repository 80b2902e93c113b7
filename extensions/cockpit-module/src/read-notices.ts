/** What the screen 「印发通知」 reads from Directus and the one thing that it writes beside jobs: a letter that shall go out again. */
import type { CopyRow, CountRow, EnrolmentRow, NoticeRow, Pupil } from './notice-status.ts';
import { type Api, everything, type Job, rows } from './read-cockpit.ts';

/** Whether the signed-in person works with letters at all. */
export const mayNotify = (api: Api): boolean => api.may('create', 'jobs') && api.may('read', 'notices') && api.may('read', 'notice_copies');

export interface SharedFile {
  readonly id: string;
  readonly name: string;
}

/** The part of a job's result that the screen shows (scripts/notices/notice-job.ts). */
export interface NoticeResult {
  readonly do?: string;
  readonly shared?: readonly SharedFile[];
  readonly sharedFiles?: number;
  readonly missing?: readonly string[];
  readonly failures?: readonly { readonly key?: string; readonly student?: string; readonly reason?: string; readonly words?: string }[];
  readonly left?: readonly string[];
  readonly folder?: string;
}

export type NoticeJob = Job & { readonly arguments: Readonly<Record<string, unknown>> | null; readonly result: NoticeResult | null };

export const readNoticeJobs = (api: Api): Promise<NoticeJob[] | null> =>
  rows<NoticeJob>(api, 'jobs', {
    fields: ['id', 'kind', 'state', 'progress', 'message', 'schedule', 'requested_at', 'started_at', 'finished_at', 'arguments', 'result'],
    filter: { kind: { _eq: 'notices' } },
    sort: ['-requested_at'],
    limit: 8,
  });

export const readTerm = async (api: Api): Promise<{ readonly id: string; readonly name: string } | null> => {
  const found = await rows<{ id: string; name: string }>(api, 'terms', {
    fields: ['id', 'name'],
    filter: { current: { _eq: true } },
    sort: ['-id'],
    limit: 1,
  });
  return found?.[0] ?? null;
};

const live = (kind: string, term: string) => [{ kind: { _eq: kind } }, { term: { _eq: term } }, { state: { _neq: '已撤回' } }];

export const readNotices = async (api: Api, kind: string, term: string): Promise<NoticeRow[]> =>
  (await rows<NoticeRow>(api, 'notices', {
    fields: ['id', 'school.code', 'school.name', 'state', 'copies', 'pages', 'printed_at', 'dated', 'matter', 'from_on'],
    filter: { _and: live(kind, term) },
    sort: ['school'],
    limit: everything,
  })) ?? [];

/** The notice from whose screen somebody comes. */
export interface OpenedNotice {
  readonly id: string;
  readonly kind: string;
  readonly state: string | null;
  readonly school: { readonly code: string };
  readonly term: { readonly id: string; readonly name: string };
}

export const readNotice = async (api: Api, id: string): Promise<OpenedNotice | null> =>
  (
    await rows<OpenedNotice>(api, 'notices', {
      fields: ['id', 'kind', 'state', 'school.code', 'term.id', 'term.name'],
      filter: { id: { _eq: id } },
      limit: 1,
    })
  )?.[0] ?? null;

export const readCounts = async (api: Api, kind: string, term: string): Promise<CountRow[]> =>
  (await rows<CountRow>(api, 'notice_copies', {
    filter: { _and: [{ state: { _eq: '有效' } }, { notice: { kind: { _eq: kind } } }, { notice: { term: { _eq: term } } }] },
    groupBy: ['notice', 'delivery'],
    aggregate: { count: ['id', 'read_at', 'answered_at'] },
    limit: everything,
  })) ?? [];

export const readPupils = async (api: Api, school: string): Promise<Pupil[]> =>
  (await rows<Pupil>(api, 'students', {
    fields: ['id', 'name', 'grade', 'class_no'],
    filter: { _and: [{ school: { _eq: school } }, { _or: [{ status: { _null: true } }, { status: { _neq: '已离校' } }] }] },
    limit: everything,
  })) ?? [];

export const readCopies = async (api: Api, notice: string): Promise<CopyRow[]> =>
  (await rows<CopyRow>(api, 'notice_copies', {
    fields: ['id', 'student', 'read_at', 'answered_at', 'answer', 'delivery', 'deliveries'],
    filter: { _and: [{ notice: { _eq: notice } }, { state: { _eq: '有效' } }] },
    limit: everything,
  })) ?? [];

export const readEnrolments = async (api: Api, school: string, term: string): Promise<EnrolmentRow[]> =>
  (await rows<EnrolmentRow>(api, 'enrolments', {
    fields: ['student', 'state'],
    filter: { _and: [{ school: { _eq: school } }, { term: { _eq: term } }] },
    limit: everything,
  })) ?? [];

/** Puts a letter back into the queue; the next 发送 takes it. */
export const queueAgain = async (api: Api, copy: string): Promise<void> => {
  await api.http.patch(`/items/notice_copies/${copy}`, { delivery: '排队' });
};
