import { runCommand } from './command.js';

const help = `Usage: npm run restore-mark

Marks the database as restored from a backup, so that every node drops what it has cached. Run it after
each restore, before the service starts again. It needs the role that owns the tables: set
DATABASE_MIGRATION_URL if the service has another one.

  --help  prints this text

Example: npm run restore-mark
`;

await runCommand({
  help,
  options: {},
  run: async () => {
    const { withInstallation } = await import('./with-installation.js');
    const { withApplication } = await import('./with-application.js');
    const { openExistingInstallation } = await import('../bootstrap/installation.js');
    const { refuseUnmarkable, RestoreMark } = await import('../bootstrap/restore-mark.js');
    await withInstallation(async (settings) => {
      const databaseUrl = settings.migrationUrl ?? settings.databaseUrl;
      // Before the schema is updated: an empty database stays empty.
      await refuseUnmarkable(settings);
      await withApplication(
        settings,
        async (app) => {
          const { before, after, authSeq } = await app.get(RestoreMark).set();
          process.stdout.write(
            `Marked as restored: epoch ${after} follows ${before}, from number ${authSeq} on\n`,
          );
        },
        { databaseUrl },
      );
    }, openExistingInstallation);
  },
});
