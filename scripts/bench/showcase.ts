/**
 * What it costs to publish a county's archive: 2,000 cases built from nothing, then one of them edited and built again, with the memory of every
 * process that takes part.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { inheritedEnvironment, repositoryRoot } from '../config.ts';
import { atMost, type Bar, type BenchContext } from './rig/bar.ts';
import { watchMemory } from './rig/memory.ts';
import { sampleCounty } from './rig/sample.ts';
import { openWorkspace, type Workspace } from './rig/workspace.ts';
import { sampleCases } from './sample-cases.ts';

const count = 2000;
/** Rows that one call creates. */
const atOnce = 25;

interface Built {
  readonly cases: number;
  readonly pages: number;
  readonly brokenLinks: number;
  readonly written: number;
  readonly ms: number;
}

interface Measured extends Built {
  readonly peaks: Readonly<Record<string, number>>;
}

/** The command as people run it, on the workspace's running Directus. */
const build = async ({ config, pid }: Workspace): Promise<Measured> => {
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', join(repositoryRoot, 'scripts', 'showcase.ts'), '--json'], {
    env: { ...inheritedEnvironment(), KEHOU_HOME: config.home, KEHOU_PORT: String(config.port) },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const watch = watchMemory({ build: child.pid as number, directus: pid });
  const [output, [code]] = await Promise.all([text(child.stdout), once(child, 'exit') as Promise<[number | null]>]);
  const peaks = watch.stop();
  if (code !== 0) throw new Error(`showcase ended with ${code}`);
  return { ...(JSON.parse(output) as Built), peaks };
};

export const bar = async (context: BenchContext): Promise<Bar> => {
  const sample = await sampleCounty(context, { schools: 12, students: 240 });
  const workspace = await openWorkspace(context, 'showcase', sample.bureau);
  try {
    const rows = sampleCases(
      count,
      sample.bureau.schools.map(({ code }) => String(code)),
    );
    for (let from = 0; from < count; from += atOnce) await workspace.store.createRows('cases', rows.slice(from, from + atOnce));
    const whole = await build(workspace);
    const edited = rows[count / 2] as (typeof rows)[number];
    await workspace.store.updateRow('cases', edited.id, { lessons: `${edited.lessons}又补了一条。` });
    const edit = await build(workspace);
    const peak = Math.max(...Object.values(whole.peaks), ...Object.values(edit.peaks));
    const faults = [
      ...(whole.cases !== count || edit.cases !== count ? [`built ${whole.cases} and ${edit.cases} of ${count} cases`] : []),
      ...(whole.ms > 60_000 ? ['the whole took over 60 s'] : []),
      ...(peak > 700 ? ['over 700 MB'] : []),
      ...(whole.brokenLinks + edit.brokenLinks > 0 ? ['broken links'] : []),
    ];
    const measured = atMost({
      name: 'showcase',
      what: `案例网站:${count} 篇里改一篇后重建;全部新建和内存也量 / one of ${count} cases edited and built again`,
      unit: 'ms',
      ours: edit.ms,
      against: null,
      bar: 5000,
      details: {
        'whole ms': whole.ms,
        'whole files': whole.written,
        'edit files': edit.written,
        pages: whole.pages,
        'build MB': Math.max(whole.peaks.build ?? 0, edit.peaks.build ?? 0),
        'directus MB': Math.max(whole.peaks.directus ?? 0, edit.peaks.directus ?? 0),
      },
      ...(faults.length > 0 ? { note: faults.join('; ') } : {}),
    });
    return { ...measured, pass: measured.pass && faults.length === 0 };
  } finally {
    await workspace.stop();
  }
};
