/**
 * The county's figures that rows are held against. They are settings of the bureau; here are only the settings' own defaults.
 */
import { settings } from '../../schema/tables/settings.ts';

export interface Limits {
  /** Highest fee per student and month in primary school, yuan (R-F1). */
  readonly feeCapPrimary: number;
  /** The same for junior middle school. */
  readonly feeCapJunior: number;
  /** Days a week (R-T1). */
  readonly days: number;
  /** Minutes a day (R-T2). */
  readonly minutes: number;
}

const { fields } = settings;

export const defaultLimits: Limits = {
  feeCapPrimary: fields.fee_cap_primary.default,
  feeCapJunior: fields.fee_cap_junior.default,
  days: fields.min_days.default,
  minutes: fields.min_minutes.default,
};
