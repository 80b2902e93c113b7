/**
 * Sending out and collecting for a county, a township or one school: one school after the other, those that have printed nothing left out.
 * What comes of it can be put into Directus, where the office finds it; nothing of it names a child outside the personal data.
 */
import { UsageError } from '../cli.ts';
import type { Config } from '../config.ts';
import type { SharedFile } from '../directus/share-file.ts';
import type { Store } from '../directus/store.ts';
import { dayIn } from '../jobs/months.ts';
import { countyMailer } from '../mail/mailer.ts';
import { type Delivered, deliverNotice } from './deliver.ts';
import { type Area, readSchools } from './recipients.ts';
import { collectReplies, type Replies } from './replies.ts';
import type { PrintDeps, PrintOptions } from './run-types.ts';
import { noticeFolder, shareFiles } from './upload.ts';

export interface AreaDeps extends PrintDeps {
  readonly config: PrintDeps['config'] & Pick<Config, 'smtpUrl'>;
}

type Wanted = Omit<PrintOptions, 'school'>;

/** Runs `work` for each school of an area. A single school says why it cannot; one of many is left out, with its reason. */
const eachSchool = async <T>(deps: PrintDeps, area: Area, work: (school: string) => Promise<T>) => {
  const now = (deps.now ?? (() => new Date()))();
  const codes = await readSchools(deps.store, area, dayIn(deps.config.timezone, now));
  const results: T[] = [];
  const left: string[] = [];
  for (const school of codes) {
    try {
      results.push(await work(school));
    } catch (error) {
      if (area.school || !(error instanceof UsageError)) throw error;
      left.push(`${school}:${error.message}`);
    }
  }
  if (results.length === 0) throw new UsageError(`这个范围里没有一所学校可办:${left[0] ?? '没有学校'}`);
  return { results, left };
};

const add = <T>(all: readonly T[], of: (one: T) => number): number => all.reduce((sum, one) => sum + of(one), 0);

/** Files of one school into its folder in Directus, when asked for. */
const shared = async (store: Store, upload: boolean, one: { schoolName: string; term: string; kind: string }, files: readonly string[]) =>
  upload ? shareFiles(store, noticeFolder(one.schoolName, one.term, one.kind), files) : [];

export interface AreaDelivered
  extends Pick<Delivered, 'kind' | 'wanted' | 'queued' | 'sent' | 'failed' | 'already' | 'unclear' | 'failures' | 'linkLists'> {
  readonly schools: number;
  /** Whether there is a mail server at all. */
  readonly mail: boolean;
  readonly shared: readonly SharedFile[];
  /** Schools that were left out, each with its reason. */
  readonly left: readonly string[];
}

/** Sends the waiting mail of all schools of an area and writes the link lists of their classes. */
export const deliverArea = async (deps: AreaDeps, area: Area, wanted: Wanted): Promise<AreaDelivered> => {
  const settings = await deps.store.readSettings();
  const mailer = countyMailer(deps.config, settings);
  try {
    const { results, left } = await eachSchool(deps, area, async (school) => {
      const one = await deliverNotice(deps, { ...wanted, school }, mailer);
      return { one, files: await shared(deps.store, Boolean(wanted.upload), one, one.linkLists) };
    });
    const all = results.map(({ one }) => one);
    return {
      kind: wanted.kind,
      schools: all.length,
      mail: mailer !== null,
      wanted: add(all, (one) => one.wanted),
      queued: add(all, (one) => one.queued),
      sent: add(all, (one) => one.sent),
      failed: add(all, (one) => one.failed),
      already: add(all, (one) => one.already),
      unclear: add(all, (one) => one.unclear),
      failures: all.flatMap(({ failures }) => failures),
      linkLists: all.flatMap(({ linkLists }) => linkLists),
      shared: results.flatMap(({ files }) => files),
      left,
    };
  } finally {
    mailer?.close();
  }
};

export interface AreaReplies
  extends Pick<Replies, 'kind' | 'term' | 'students' | 'sent' | 'read' | 'answered' | 'onPhone' | 'onPaper' | 'takingPart' | 'missing'> {
  readonly schools: number;
  readonly files: readonly string[];
  readonly shared: readonly SharedFile[];
  readonly left: readonly string[];
}

/** The answers of all schools of an area, with a roster for each. */
export const collectArea = async (deps: PrintDeps, area: Area, wanted: Wanted): Promise<AreaReplies> => {
  const { results, left } = await eachSchool(deps, area, async (school) => {
    const one = await collectReplies(deps, { ...wanted, school });
    return { one, files: await shared(deps.store, Boolean(wanted.upload), one, [one.file]) };
  });
  const all = results.map(({ one }) => one);
  return {
    kind: wanted.kind,
    term: all[0]?.term ?? '',
    schools: all.length,
    students: add(all, (one) => one.students),
    sent: add(all, (one) => one.sent),
    read: add(all, (one) => one.read),
    answered: add(all, (one) => one.answered),
    onPhone: add(all, (one) => one.onPhone),
    onPaper: add(all, (one) => one.onPaper),
    takingPart: add(all, (one) => one.takingPart),
    missing: add(all, (one) => one.missing),
    files: all.map(({ file }) => file),
    shared: results.flatMap(({ files }) => files),
    left,
  };
};
