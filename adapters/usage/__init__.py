"""Measured use as others hand it over: a table of the CRM team, or a signed message."""
