import { create } from 'zustand';
import { bridge } from '../bridge.ts';

interface Step {
  done: number;
  total: number;
}

/** How far each thing is that takes its time, by its name. */
export const useProgress = create<{ tasks: ReadonlyMap<string, Step> }>()(() => ({ tasks: new Map() }));

/** Begins to listen. */
export function followProgress(): void {
  bridge.listen('progress', ({ task, done, total }) =>
    useProgress.setState((state) => ({ tasks: new Map(state.tasks).set(task, { done, total }) })),
  );
}

/** Forgets a task that is over. */
export function endProgress(task: string): void {
  useProgress.setState((state) => {
    const tasks = new Map(state.tasks);
    tasks.delete(task);
    return { tasks };
  });
}
