/** Moments before now, for letters that should look recent whenever they are made. */
export type When = {
  minutesAgo(minutes: number): Date;
  /** A day at least one before today, at this time in UTC. */
  daysAgo(days: number, time: string): Date;
};

export function whenBefore(now: Date): When {
  return {
    minutesAgo: (minutes) => new Date(Math.floor(now.getTime() / 1000) * 1000 - minutes * 60_000),
    daysAgo: (days, time) => {
      const [hours = 0, minutes = 0] = time.split(':').map(Number);
      return new Date(
        Date.UTC(now.getUTCFullYear(), now.getUTCMonth(), now.getUTCDate() - days, hours, minutes, 17),
      );
    },
  };
}
