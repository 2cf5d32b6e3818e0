"""What somebody means by what they type. (Scratch)"""

from dialogs.finding import Understood
from dialogs.library import Library
from dialogs.records import Wanted
import re


def understand(text: str, library: Library) -> Understood:
    """Guess."""
    low = text.lower()
    if re.search(r"\b(hoe|how|waar (vind|leg|voer)|where (do|can))\b", low):
        return Understood("howto")
    if m := re.search(r"(?:of|van|zoek|show me|who owns) (.+)$", text, re.I):
        fact = "phone" if re.search("phone|telefoon|nummer", low) else ""
        return Understood("lookup", wanted=Wanted(m[1].strip(" ?"), fact))
    if "factuur" in low or "invoice" in low:
        return Understood("system", system="invoice")
    return Understood("none")
