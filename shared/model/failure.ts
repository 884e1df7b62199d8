import { z } from 'zod';

/**
 * Why something failed, as data: the renderer turns the code into a sentence in the person's language
 * that says what happened, what it means and what to do.
 */
export const FailureCode = z.enum([
  'wrong-password',
  'no-login',
  'server-unproven',
  'host-not-found',
  'refused',
  'timeout',
  'certificate-untrusted',
  'certificate-expired',
  'certificate-other-name',
  'no-starttls',
  'clear-text-refused',
  'not-a-mail-server',
  'tls-failed',
  'connection-lost',
  'server-refused',
  'recipient-refused',
  'message-too-big',
  'letter-too-large',
  'maybe-sent',
  'no-password',
  'mailbox-locked',
  'not-found',
  'disk-full',
  'disk-error',
  'too-many-files',
  'profile-in-use',
  'index-damaged',
  'read-only',
  'newer-index',
  'no-submission-server',
  'already-exists',
  'bad-request',
  'internal',
]);
export type FailureCode = z.infer<typeof FailureCode>;

export const Failure = z.object({
  code: FailureCode,
  /** What the server or the system said, untranslated, secrets removed. */
  detail: z.string(),
  host: z.string().optional(),
  port: z.number().optional(),
  /** The server's own code for it, without brackets: `OVERQUOTA`, `NOPERM` (RFC 5530). */
  responseCode: z.string().optional(),
  certificate: z
    .object({
      subject: z.string(),
      issuer: z.string(),
      names: z.array(z.string()),
      validFrom: z.string(),
      validTo: z.string(),
      fingerprint: z.string(),
      pem: z.string(),
    })
    .optional(),
});
export type Failure = z.infer<typeof Failure>;
