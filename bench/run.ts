/** Runs the benchmarks that are named, or all of them. */
const benchmarks = ['guard'];

const wanted = process.argv.slice(2);
for (const name of wanted.length > 0 ? wanted : benchmarks) {
  console.log(`\n## ${name}\n`);
  await import(`./${name}/${name}.bench.js`);
}
