"""Search: finds the article that answers a question, by its letters and by its meaning."""
