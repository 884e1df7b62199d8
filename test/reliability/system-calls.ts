// What the kernel was asked for, in order, as strace wrote it down.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

const CALLS = 'pwritev,pwritev2,pwrite64,write,writev,sendto,sendmsg,fsync,fdatasync';

export interface SystemCall {
  name: string;
  /** The file or the socket. */
  on: string;
  text: string;
  /** Moments: when it was asked for, and when it was done. */
  from: number;
  to: number;
}

export const hasStrace = (() => {
  try {
    execFileSync('strace', ['-o', '/dev/null', 'true'], { stdio: 'ignore' });
    return process.platform === 'linux';
  } catch {
    return false;
  }
})();

/** The words that start a program so that its calls are written into a file. */
export function straced(file: string, more = 'fsync'): string[] {
  return ['strace', '-f', '-y', '-s', '200', '-e', `trace=${CALLS},${more}`, '-e', 'signal=none', '-o', file];
}

export function readCalls(file: string): SystemCall[] {
  const calls: SystemCall[] = [];
  const open = new Map<string, SystemCall>();
  for (const [moment, line] of readFileSync(file, 'utf8').split('\n').entries()) {
    const begun = /^(\d+) +(\w+)\(\d+<([^>]*)>(.*)$/u.exec(line);
    const resumed = /^(\d+) +<\.\.\. \w+ resumed>/u.exec(line);
    if (begun) {
      const [, thread = '', name = '', on = '', text = ''] = begun;
      const call = { name, on, text, from: moment, to: moment };
      calls.push(call);
      if (!line.includes('<unfinished ...>')) continue;
      call.to = Infinity;
      open.set(thread, call);
    } else if (resumed) {
      const call = open.get(resumed[1] ?? '');
      if (call) call.to = moment;
    }
  }
  return calls;
}
