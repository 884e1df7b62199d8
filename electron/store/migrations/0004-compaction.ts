/**
 * Compaction (docs/decisions/0007). buried: letters that were deleted and whose bytes are still in their segment, since
 * when; only what is put down here is ever left out of a segment's next edition. replaced: segments whose letters are all
 * in another one by now, with the file as it was then: it is unlinked if it still is that.
 */
export const migration = {
  number: 4,
  sql: `
CREATE TABLE buried (
  segment INTEGER NOT NULL, offset INTEGER NOT NULL, length INTEGER NOT NULL, raw_length INTEGER NOT NULL, sha256 BLOB NOT NULL,
  since INTEGER NOT NULL,
  PRIMARY KEY (segment, offset)
) STRICT, WITHOUT ROWID;
CREATE TABLE replaced (
  segment INTEGER PRIMARY KEY REFERENCES segment(id) ON DELETE CASCADE,
  successor INTEGER NOT NULL, size INTEGER NOT NULL, modified TEXT NOT NULL
) STRICT;

CREATE INDEX message_bytes ON message (segment, offset) WHERE segment IS NOT NULL;

CREATE TRIGGER message_buried AFTER DELETE ON message WHEN OLD.segment IS NOT NULL BEGIN
  INSERT OR REPLACE INTO buried (segment, offset, length, raw_length, sha256, since)
  VALUES (OLD.segment, OLD.offset, OLD.length, OLD.raw_length, OLD.sha256, 1000 * unixepoch());
END;
`,
};
