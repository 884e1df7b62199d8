import { z } from 'zod';

/**
 * Why a message goes from the server: it is collected and nothing is to stay (`collected`), it was collected long enough
 * ago (`age`), it was deleted here (`deleted-here`), or the mailbox there is too large (`over-size`).
 */
export const RemovalReason = z.enum(['collected', 'age', 'deleted-here', 'over-size']);
export type RemovalReason = z.infer<typeof RemovalReason>;
