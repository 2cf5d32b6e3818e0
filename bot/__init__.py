"""The program that joins dialogs, nudges and adapters."""
