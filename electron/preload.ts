import { contextBridge, ipcRenderer } from 'electron';
import type { Bridge } from '../shared/contract/bridge.ts';
import { EVENT, REQUEST } from './ipc/channels.ts';

// All that a document of ours can reach: one way to ask, one way to listen. Main decides what exists.
const listeners = new Map<string, Set<(payload: unknown) => void>>();
ipcRenderer.on(EVENT, (_event, name: string, payload: unknown) => {
  for (const listener of listeners.get(name) ?? []) listener(payload);
});

const bridge: Bridge = {
  request: (name, argument) => ipcRenderer.invoke(REQUEST, name, argument),
  listen: (name, listener) => {
    const set = listeners.get(name) ?? new Set();
    listeners.set(name, set);
    const heard = listener as (payload: unknown) => void;
    set.add(heard);
    return () => void set.delete(heard);
  },
  platform: process.platform as Bridge['platform'],
};
contextBridge.exposeInMainWorld('glasspost', bridge);
