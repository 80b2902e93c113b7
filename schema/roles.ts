/**
 * Roles and policies of DESIGN section 8, within the Core tier: every permission is a whole collection, all fields, no filter.
 * The public role gets nothing: it reads only our own endpoints.
 */
import { tableNames } from './index.ts';

export type Action = 'read' | 'create' | 'update' | 'delete';

export interface RoleSpec {
  readonly key: 'office' | 'communications' | 'service';
  readonly name: string;
  readonly note: string;
  readonly icon: string;
  /** May sign in to the admin screens; each such user takes one of the three Core seats. */
  readonly appAccess: boolean;
  readonly permissions: Readonly<Record<string, readonly Action[]>>;
  /** Collections that an earlier model granted and this one takes back. */
  readonly revoked?: readonly string[];
}

const all: readonly Action[] = ['read', 'create', 'update', 'delete'];
const write: readonly Action[] = ['read', 'create', 'update'];
const onEvery = (actions: readonly Action[]) => Object.fromEntries(tableNames.map((name) => [name, actions]));

export const adminRole = { name: '管理员', note: '系统管理:账号、权限、系统设置。', icon: 'verified_user' } as const;

export const roles: readonly RoleSpec[] = [
  {
    key: 'office',
    name: '基教股',
    note: '全部业务资料,不含系统设置。',
    icon: 'account_balance',
    appAccess: true,
    permissions: { ...onEvery(all), directus_files: all, directus_folders: all },
  },
  {
    key: 'communications',
    name: '宣传',
    note: '案例与评审;可看学校和课程活动;不可看学生、人员、报名、收费、通知份。',
    icon: 'campaign',
    appAccess: true,
    permissions: {
      schools: ['read'],
      terms: ['read'],
      activities: ['read'],
      cases: write,
      case_reviews: write,
      // No files: letters to parents lie among them, and Core opens all or none. Photos of cases come through case-endpoint.
    },
    revoked: ['directus_files', 'directus_folders'],
  },
  {
    key: 'service',
    name: '同步服务',
    note: '后台程序用,不能登录管理界面,不占席位。',
    icon: 'smart_toy',
    appAccess: false,
    permissions: { ...onEvery(all), directus_files: all, directus_folders: write },
  },
];
