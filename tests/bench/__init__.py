"""Figures, side by side in one run: medians over several runs, never a timed assertion."""
