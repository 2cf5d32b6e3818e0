"""Where people come from: a table the organisation gives us, or a directory we read."""
