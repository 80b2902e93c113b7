/**
 * Database errors quote the whole statement with its values, and Directus logs what it is handed. Children's data must
 * not get into logs that way.
 */

/** The same fault without any value: kind, code, and where in our code it happened. */
export const withoutValues = (error: unknown): Error => {
  const fault = error as { readonly name?: string; readonly code?: unknown; readonly status?: unknown; readonly stack?: string };
  const places = (fault.stack ?? '').split('\n').filter((line) => line.trimStart().startsWith('at '));
  const safe = new Error(`database work failed: ${[fault.name, fault.code].filter(Boolean).map(String).join(' ')}`);
  safe.stack = [safe.message, ...places].join('\n');
  return safe;
};
