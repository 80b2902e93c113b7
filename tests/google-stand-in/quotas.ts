/**
 * Google's quotas: so many requests a minute, counted for each user and for the project, reads and writes apart.
 * A batch counts as one. The count starts anew each minute of the clock that is handed in.
 */
import { driveQuotaExceeded, sheetsQuotaExceeded } from './errors.ts';

export type Metric = 'read' | 'write' | 'drive';

export interface Limit {
  readonly user: number;
  readonly project: number;
}

export type Limits = Readonly<Record<Metric, Limit>>;

/** As documented; Drive's is the older figure in queries. */
export const googleLimits: Limits = {
  read: { user: 60, project: 300 },
  write: { user: 60, project: 300 },
  drive: { user: 12_000, project: 12_000 },
};

export interface Quotas {
  /** null: no limits. What is left out keeps Google's figure. */
  set(limits: Partial<Limits> | null): void;
  /** Counts one request. Throws 429, or Drive's 403, when the minute's share is used up; a refused request is not counted. */
  take(metric: Metric, user: string): void;
}

const minute = 60_000;

export const openQuotas = (now: () => number, first: Partial<Limits> | null): Quotas => {
  let limits: Limits | null = first && { ...googleLimits, ...first };
  let window = Number.NaN;
  const used = new Map<string, number>();
  const fault = (metric: Metric, per: 'user' | 'project'): Error =>
    metric === 'drive' ? driveQuotaExceeded(403, per) : sheetsQuotaExceeded(metric === 'read' ? 'Read' : 'Write', per);
  return {
    set(next) {
      limits = next && { ...googleLimits, ...next };
      used.clear();
    },
    take(metric, user) {
      const current = Math.floor(now() / minute);
      if (current !== window) used.clear();
      window = current;
      if (!limits) return;
      const counts = [
        { key: `${metric}/user/${user}`, most: limits[metric].user, per: 'user' as const },
        { key: `${metric}/project`, most: limits[metric].project, per: 'project' as const },
      ];
      for (const { key, most, per } of counts) if ((used.get(key) ?? 0) >= most) throw fault(metric, per);
      for (const { key } of counts) used.set(key, (used.get(key) ?? 0) + 1);
    },
  };
};
