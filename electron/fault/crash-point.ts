/** How often each point was passed in this thread. */
const passed = new Map<string, number>();

/**
 * A place between two durable steps, where a test lets the process die as by `kill -9`: `GLASSPOST_CRASH_AT=name[:nth]`.
 * Otherwise it does nothing; the bundler is told so and leaves out every call, names included.
 */
/* @__NO_SIDE_EFFECTS__ */
export function crashPoint(name: string): void {
  const wanted = process.env['GLASSPOST_CRASH_AT'];
  if (wanted === undefined) return;
  const [at, nth = '1'] = wanted.split(':');
  if (at !== name) return;
  const times = (passed.get(name) ?? 0) + 1;
  passed.set(name, times);
  if (times === Number(nth)) process.kill(process.pid, 'SIGKILL');
}
