"""Look for what must not be in the repository; nothing gets by without a written reason."""
