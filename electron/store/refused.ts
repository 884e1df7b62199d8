/** A verb that can't do what was asked, in words for the person; it crosses the thread as `bad-request`. */
export class Refused extends Error {
  override readonly name = 'Refused';
  readonly code = 'REFUSED';
}
