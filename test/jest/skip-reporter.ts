interface Results {
  testResults: { fullName: string; status: string }[];
}

/** Names what a file skips: its title has the reason. */
export default class SkipReporter {
  onTestResult(_test: unknown, { testResults }: Results): void {
    const skipped = testResults.filter(({ status }) => status === 'pending');
    for (const { fullName } of skipped) process.stderr.write(`SKIP ${fullName}\n`);
  }
}
