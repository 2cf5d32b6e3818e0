"""The outside world: chat platforms, the store, content files, the CRM."""
