/** Which of the two databases it is. */
import type { Knex } from 'knex';

export const isPostgres = (database: Knex): boolean => ['pg', 'postgres'].includes(String(database.client.config.client));
