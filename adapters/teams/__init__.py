"""Microsoft Teams: what comes in is checked at the door, what goes out is drawn as cards."""
