// Does a queue of empty jobs with graphile-worker, one job at a time per worker, and prints how many a second that made.
import pg from "pg";
import { run, makeWorkerUtils } from "graphile-worker";

const [workers, jobs] = process.argv.slice(2).map(Number);
const pgPool = new pg.Pool({ max: workers + 3 });
const utils = await makeWorkerUtils({ pgPool });
await utils.migrate();
await pgPool.query(
  "SELECT count(graphile_worker.add_job('nothing', json_build_object('n', n))) FROM generate_series(1, $1::int) AS n",
  [jobs],
);
await pgPool.query("VACUUM ANALYZE");
const silent = { scope() { return this; }, error: console.error, warn() {}, info() {}, debug() {} };
let start, done = 0;
let finish;
const finished = new Promise((resolve) => { finish = resolve; });
const { EventEmitter } = await import("node:events");
const events = new EventEmitter();
events.on("job:start", () => { start ??= process.hrtime.bigint(); });
events.on("job:complete", () => { if (++done === jobs) finish(process.hrtime.bigint()); });
const runner = await run({
  pgPool,
  concurrency: workers,
  noHandleSignals: true,
  taskList: { nothing: async () => {} },
  events,
  logger: silent,
});
const end = await finished;
console.log((jobs * 1e9) / Number(end - start));
await runner.stop();
await utils.release();
await pgPool.end();
