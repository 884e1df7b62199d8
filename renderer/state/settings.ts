import type { Settings } from '../../shared/contract/app.ts';
import { ask } from './request.ts';
import { useApp, type AppState } from './store.ts';

/** Changes settings at once and tells main; main's answer has the last word. */
export async function updateSettings(change: Partial<Settings>): Promise<void> {
  useApp.setState((state) => ({ settings: { ...state.settings, ...change } }));
  const reply = await ask('app.settings', change);
  if (reply.ok) useApp.setState({ settings: reply.result });
}

/** The language the window speaks: the chosen one, else the system's when we have it. */
export function languageOf(state: Pick<AppState, 'settings' | 'systemLanguage'>): 'en' | 'ru' {
  if (state.settings.language !== 'system') return state.settings.language;
  return state.systemLanguage.toLowerCase().startsWith('ru') ? 'ru' : 'en';
}
