/** A command that cannot be understood: answered BAD, in words for someone who types it by hand. */
export class Complaint extends Error {}
