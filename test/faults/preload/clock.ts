/**
 * Loaded before the service: lets this process's clocks be wrong. `FAULTS_CLOCK` is `rate,shift`: how
 * fast they go, and by how many milliseconds the time of day is off.
 */
const [rate = 1, shift = 0] = (process.env.FAULTS_CLOCK ?? '').split(',').map(Number);
const dateNow = Date.now.bind(Date);
const performanceNow = performance.now.bind(performance);
const RealDate = Date;
const dateStart = dateNow();
const performanceStart = performanceNow();

const now = () => Math.round(dateStart + shift + (dateNow() - dateStart) * rate);

class WrongDate extends RealDate {
  constructor(...args: [] | [string | number | Date]) {
    if (args.length === 0) super(now());
    else super(...args);
  }

  static override now = now;
}

globalThis.Date = WrongDate as DateConstructor;
performance.now = () => performanceStart + (performanceNow() - performanceStart) * rate;
