import { useApp } from '../state/store.ts';

/** Keeps the theme and the density of the page in step with the settings. */
export function followAppearance(): void {
  const set = () => {
    const { theme, density } = useApp.getState().settings;
    const data = document.documentElement.dataset;
    if (theme === 'system') delete data['theme'];
    else data['theme'] = theme;
    data['density'] = density;
  };
  set();
  useApp.subscribe(set);
}
