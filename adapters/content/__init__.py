"""Content files: what the organisation and we have written, read into a library."""
