"""What is kept: one store for people, answers, deliveries and the inbox, a file per noun.

SQLite and PostgreSQL share every line; the store in memory, for tests, is SQLite without a
file. There is no second implementation that could disagree with the first.
"""
