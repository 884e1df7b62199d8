import { homedir } from 'node:os';
import { join } from 'node:path';

/** The program's own folder among those that the system keeps for programs, and the mail in it. Window and command line agree. */
export function defaultProfile(env: NodeJS.ProcessEnv = process.env, platform = process.platform): string {
  const home = homedir();
  const programs =
    platform === 'darwin'
      ? join(home, 'Library', 'Application Support')
      : platform === 'win32'
        ? (env['APPDATA'] ?? join(home, 'AppData', 'Roaming'))
        : env['XDG_CONFIG_HOME'] || join(home, '.config');
  return join(programs, 'glasspost', 'profile');
}
