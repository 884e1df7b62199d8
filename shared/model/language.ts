import { z } from 'zod';

/** The languages that the program speaks. */
export const Language = z.enum(['en', 'ru']);
export type Language = z.infer<typeof Language>;
