import '@fontsource-variable/inter/wght.css';
import '@fontsource-variable/jetbrains-mono/wght.css';
import './ui/style/tokens.css';
import './ui/style/base.css';
import './ui/style/controls.css';
import './ui/style/window.css';
import './ui/style/dialog.css';
import './ui/style/wire.css';
import './ui/style/failure.css';
import { createRoot } from 'react-dom/client';
import { App } from './app.tsx';
import type { DraftId } from '../shared/model/ids.ts';
import { ComposeWindow } from './feature/compose/compose-window.tsx';
import { languageOf } from './state/settings.ts';
import { start } from './state/start.ts';
import { useApp } from './state/store.ts';
import { followAppearance } from './ui/appearance.ts';
import { StartFailed } from './ui/start-failed.tsx';
import { setLanguage, startText } from './text/text.ts';

/** The id of the draft when this page is a compose window. */
const draft = /^#compose\/(.+)$/u.exec(location.hash)?.[1];
const root = createRoot(document.getElementById('root') as HTMLElement);

startText(navigator.language.startsWith('ru') ? 'ru' : 'en');
const failure = await start(draft === undefined ? 'main' : 'compose');
setLanguage(languageOf(useApp.getState()));
useApp.subscribe((state) => setLanguage(languageOf(state)));
followAppearance();
if (failure) root.render(<StartFailed failure={failure} />);
else root.render(draft === undefined ? <App /> : <ComposeWindow id={decodeURIComponent(draft) as DraftId} />);
