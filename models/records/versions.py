"""The versions of the schema, oldest first; a test holds them against the migrations."""

KNOWN = ("0001", "0002", "0003", "0004", "0005", "0006", "0007", "0008")
HEAD = KNOWN[-1]
