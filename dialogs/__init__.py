"""What is said and understood: facts become cards here, and people's words become facts."""
