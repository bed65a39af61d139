import Sequencer from '@jest/test-sequencer';

type Tests = Parameters<Sequencer['sort']>[0];

/** These take minutes, however small they are. */
const longest = [
  'console/keys',
  'database/failover',
  'faults/mutants',
  'guard/package',
  'http/matrix',
  'http/members/add-former-member',
  'queue/killed-worker',
  'queue/removals',
  'queue/usage-recording',
  'start/demo',
  'start/documentation',
  'start/interrupted',
  'start/login-link',
  'start/start-dev',
  'start/waits',
];
const isLongest = new RegExp(`.test.(${longest.join('|')})[.]`);

/**
 * Where no earlier run has left its times, Jest begins with the largest files. The longest come before
 * them, so that no worker still has one of them when the others have nothing to do.
 */
export default class LongestFirst extends Sequencer {
  override async sort(tests: Tests): Promise<Tests> {
    const sorted = await super.sort(tests);
    const isFirst = ({ path }: Tests[number]) => isLongest.test(path);
    return [...sorted.filter(isFirst), ...sorted.filter((each) => !isFirst(each))];
  }
}
