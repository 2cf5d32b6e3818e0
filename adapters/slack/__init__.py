"""Slack: one of the platforms, behind the same doorway and the same channel as the others."""
