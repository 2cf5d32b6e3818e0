"""The pictures in cards: drawn as an image, at an address that nobody guesses and that expires."""
