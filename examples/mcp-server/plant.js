/** A power plant, as far as tools can see it. */
export class Plant {
  limit = 80;
  readings = [{ sensor: 'turbine', celsius: 61.2 }];
  scenarios = new Map();

  get hottest() {
    return Math.max(...this.readings.map(({ celsius }) => celsius));
  }
}
