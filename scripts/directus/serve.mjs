// Runs Directus' own command line (`start`, `bootstrap`) as a child of ours, and ends it when the parent is gone.
// Skips only the command line's look for newer versions, which would be a call to the internet.

// The database and the uploads hold children's data: nobody else on this machine may read them.
process.umask(0o077);

process.on('disconnect', () => {
  process.kill(process.pid, 'SIGTERM');
  // Directus closes within a second; a hanging one must not outlive its parent.
  setTimeout(() => process.exit(1), 5000).unref();
});
await import('@directus/api/cli/run.js');
