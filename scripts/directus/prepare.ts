/**
 * Makes a running Directus ours: the model, the roles, the people who sign in, and its first settings.
 * Running it again changes nothing that people have changed since.
 */
import type { Config } from '../config.ts';
import { applyModel, modelFingerprint } from './apply-model.ts';
import type { Secrets, SignIn } from './secrets.ts';
import { openStore, type Store, StoreError } from './store.ts';

/** The answers that Directus would ask the first administrator for; people can change them under 设置. */
const firstSettings = (config: Config) => ({
  project_name: `${config.county}课后服务`,
  project_descriptor: '中小学课后服务工作平台',
  project_color: '#1F6F54',
  default_language: 'zh-CN',
  // "Business / Commercial" is how Directus calls an organisation's own use; the Core tier needs no key for that.
  project_usage: 'commercial',
  org_name: config.county,
});

/** The page that people meet first: ours. */
const firstPage = '/cockpit';

/** The bar on the left: our page first; what the office does not use is off, and an administrator can put it on. (A link would show even when off.) */
const moduleBar = [
  { type: 'module', id: 'cockpit', enabled: true },
  { type: 'module', id: 'content', enabled: true },
  { type: 'module', id: 'files', enabled: true },
  { type: 'module', id: 'users', enabled: true },
  { type: 'module', id: 'insights', enabled: false },
  { type: 'module', id: 'flows', enabled: false },
  { type: 'module', id: 'visual', enabled: false },
  { type: 'module', id: 'deployments', enabled: false },
  { type: 'module', id: 'settings', enabled: true, locked: true },
];

interface Entity {
  readonly id: string;
  readonly name?: string;
  readonly project_usage?: string | null;
  readonly module_bar?: unknown;
  readonly last_page?: string | null;
}

const roleIds = async (admin: Store): Promise<Map<string, string>> => {
  const roles = await admin.call<Entity[]>('GET', '/roles?limit=-1&fields=id,name');
  return new Map(roles.map((role) => [role.name ?? '', role.id]));
};

const findUser = async (admin: Store, email: string): Promise<Entity | undefined> =>
  (await admin.call<Entity[]>('GET', `/users?fields=id,last_page&filter[email][_eq]=${encodeURIComponent(email)}`))[0];

const ensurePerson = async (admin: Store, roles: ReadonlyMap<string, string>, person: SignIn): Promise<void> => {
  if (await findUser(admin, person.email)) return;
  await admin.call('POST', '/users', {
    email: person.email,
    password: person.password,
    role: roles.get(person.role),
    first_name: person.role,
    language: 'zh-CN',
    last_page: firstPage,
  });
};

const serviceEmail = 'service@kehou.example.com';

const ensureService = async (admin: Store, roles: ReadonlyMap<string, string>, token: string): Promise<void> => {
  const found = await findUser(admin, serviceEmail);
  if (found) return void (await admin.call('PATCH', `/users/${found.id}`, { token }));
  await admin.call('POST', '/users', { email: serviceEmail, role: roles.get('同步服务'), first_name: '同步服务', token });
};

const ensureSettings = async (admin: Store, config: Config): Promise<void> => {
  const found = await admin.call<Entity | null>('GET', '/settings?fields=project_usage,module_bar');
  const lacking = { ...(found?.project_usage ? {} : firstSettings(config)), ...(found?.module_bar ? {} : { module_bar: moduleBar }) };
  if (Object.keys(lacking).length) await admin.call('PATCH', '/settings', lacking);
};

interface ServerInfo {
  readonly setup?: unknown;
}

/** True when the administrator's token opens this Directus. */
const isAdmin = async (admin: Store): Promise<boolean> => {
  try {
    await admin.call('GET', '/users/me?fields=id');
    return true;
  } catch (error) {
    if (error instanceof StoreError && error.code !== 'UNREACHABLE') return false;
    throw error;
  }
};

/**
 * Makes sure that our administrator can work, also where the first set-up was cut off before it was created.
 * Returns false when the database belongs to other secrets.
 */
export const ensureAdmin = async (admin: Store, secrets: Secrets): Promise<boolean> => {
  if (await isAdmin(admin)) return true;
  const visitor = openStore(admin.url, null);
  if (!(await visitor.call<ServerInfo>('GET', '/server/info')).setup) return false;
  const { email, password } = secrets.signIn.admin;
  await visitor.call('POST', '/server/setup', { admin: { email, password } });
  const { access_token } = await visitor.call<{ access_token: string }>('POST', '/auth/login', { email, password });
  await openStore(admin.url, access_token).call('PATCH', '/users/me', { token: secrets.adminToken });
  return isAdmin(admin);
};

/** What a workspace's state says when nothing is left to prepare. */
export const preparedMark = (): string => modelFingerprint();

/** Applies the model, then makes sure of settings and users. `onStep` hears each thing that was changed. */
export const prepareDirectus = async (admin: Store, config: Config, secrets: Secrets, onStep: (what: string) => void): Promise<void> => {
  await ensureSettings(admin, config);
  await applyModel(admin, onStep);
  const roles = await roleIds(admin);
  const me = await findUser(admin, secrets.signIn.admin.email);
  if (me)
    await admin.call('PATCH', `/users/${me.id}`, {
      first_name: secrets.signIn.admin.role,
      last_name: null,
      language: 'zh-CN',
      last_page: me.last_page ?? firstPage,
    });
  await ensurePerson(admin, roles, secrets.signIn.office);
  await ensurePerson(admin, roles, secrets.signIn.communications);
  await ensureService(admin, roles, secrets.serviceToken);
};
