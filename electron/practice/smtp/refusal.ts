/** A reply that says no: the code, and the text with its enhanced status code first (RFC 3463). */
export class Refusal extends Error {
  readonly responseCode: number;

  constructor(responseCode: number, text: string) {
    super(text);
    this.responseCode = responseCode;
  }
}
