import type { Bridge } from '../shared/contract/bridge.ts';

declare global {
  interface Window {
    /** Put there by Electron's preload; absent in a plain browser tab. */
    glasspost?: Bridge;
  }
}

/** The one way out of the renderer: the preload's bridge, or a working imitation of it in a browser tab, loaded only there. */
export const bridge: Bridge = window.glasspost ?? (await import('./memory-bridge.ts')).memoryBridge();
