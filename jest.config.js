import { existsSync, readdirSync } from 'node:fs';

/** Files that start processes, kill them, pack, or need a browser, a gateway or much time. */
const long = '[.]build.test.(console|embedded|faults|queue|start).|[.]full[.]spec[.]js$';

/** The compiler leaves the output of files that were moved or deleted. */
function orphans() {
  const hasSource = (file) => existsSync(new URL(file.replace(/js$/, 'ts'), import.meta.url));
  return readdirSync(new URL('.build', import.meta.url), { recursive: true })
    .filter((file) => file.endsWith('.spec.js') && !hasSource(file))
    .map((file) => `[.]build.${file.replaceAll(/\W/g, '.')}$`);
}

/** `npm run test:full`: everything. */
export const full = {
  // Tests run on the compiled files, as production does: there is no second compiler.
  rootDir: '.build',
  roots: ['<rootDir>/src', '<rootDir>/test', '<rootDir>/bench'],
  testMatch: ['**/*.spec.js'],
  testPathIgnorePatterns: orphans(),
  // All but what stands outside itself, and what Jest needs in order to transform.
  transform: {
    '^(?!.*(.build.test.jest|convert-source-map)).*[.][cm]?js$': '<rootDir>/test/jest/lend.js',
  },
  transformIgnorePatterns: [],
  testEnvironment: '<rootDir>/test/jest/environment.js',
  globalSetup: '<rootDir>/test/jest/global-setup.js',
  globalTeardown: '<rootDir>/test/jest/global-teardown.js',
  testSequencer: '<rootDir>/test/jest/sequencer.cjs',
  globals: { longFiles: long },
  setupFilesAfterEnv: ['<rootDir>/test/jest/timeouts.js'],
  testTimeout: 60_000,
  reporters: ['default', '<rootDir>/test/jest/skip-reporter.js'],
  // So that Jest always uses workers: what a test does to its process must not end the run.
  workerIdleMemoryLimit: '8GB',
  // A worker stops its service at the end.
  workerGracefulExitTimeout: 10_000,
  // Many files wait for a lock or a process now and then.
  maxWorkers: 4,
};

const namesFiles = process.argv.slice(2).some((arg) => !arg.startsWith('-'));

/** `npm test`: the quick ones; `npm test -- faults`: all whose path has that. */
export default {
  ...full,
  testPathIgnorePatterns: [...full.testPathIgnorePatterns, ...(namesFiles ? [] : [long])],
};
