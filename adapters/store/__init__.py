"""Where everything is kept: a file per noun, and the secrets sealed."""
