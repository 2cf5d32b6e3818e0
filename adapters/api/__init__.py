"""The way for other programs to read released numbers: a versioned address and a key."""
