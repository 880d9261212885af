import { Differential } from "./differential.ts";

const differential = new Differential();
const scripts = Number(process.argv[2] ?? 300);
const seed = Number(process.argv[3] ?? Date.now() % 1e9);
const began = performance.now();
const found = await differential.run(scripts, seed);
console.log(found ?? "same");
console.log({
  ...differential.tally,
  kinds: Object.fromEntries(differential.tally.kinds),
  explained: Object.fromEntries(differential.tally.explained),
  avoided: Object.fromEntries(differential.tally.avoided),
  perSecond: (differential.tally.scripts / (performance.now() - began)) * 1000,
});
await differential.stop();
