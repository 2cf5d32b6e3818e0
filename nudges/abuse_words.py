"""The words of abuse that are known, in English and in Dutch.

They stand here so that they can be masked. A word that is also a name (Dick, De Cock), a disease
or a place is not among them, and words that may be about a thing count only beside a person.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from nudges.people import Language

WORDS: Final[Mapping[Language, str]] = MappingProxyType(
    {
        "en": """
        arsehole ass-hat asshole bastard bellend bitch bollocks bonehead bullshit cretin cunt
        dickhead dickwad dimwit dipshit douchebag dumbass fag faggot fuck fucker fucktard
        fuckwit gook halfwit horseshit imbecile jackass jerkoff knobhead moron motherfucker nigga
        nigger nitwit numbnuts numbskull numskull paki pillock pisshead raghead retard
        retarded scumbag shit shite shithead shitty skank slut son-of-a-bitch spaz tosser
        towelhead tranny twat wanker wetback whore idiot
        """,
        "nl": """
        debiel eikel flapdrol geitenneuker hoer hoerenjong hoerenkind hoerenzoon hufter imbeciel
        kaffer kankerhoer kankerlijer kankermongool klerelijer klojo kloothommel klootviool klootzak
        kolerelijer kreng kut kutwijf lul lulhannes mafkees makak mispunt mongool neger nikker
        onderkruiper paardenlul pleurislijer randdebiel rotwijf rotzak secreet sekreet slet
        slijmbal sloerie smeerlap sodemieter spast spleetoog stoephoer teringlijer trut tyfuslijer
        viespeuk zakkenwasser zandneger zeikerd zeikwijf zwakzinnige
        """,
    }
)
"""One word, or several joined by hyphens, which may stand with blanks."""
ENDINGS: Final[Mapping[Language, tuple[str, ...]]] = MappingProxyType(
    {"en": ("", "s", "es", "ed", "er", "ers", "ing", "in", "y"), "nl": ("", "en", "s", "je", "jes")}
)
ODD_FORMS: Final[Mapping[Language, str]] = MappingProxyType(
    {
        "en": "motherfucking whoring",
        "nl": """
        idioten klootzakken klote kloterig kutzooi mafkezen mongolen rotzakken smeerlappen
        sletten trutten viezerik viezeriken
        """,
    }
)
NOT_MEANT: Final = frozenset(
    {
        "fagin",
        "kutten",
        "kuten",
        "lulen",
        "lulje",
        "mongools",
        "sodemieters",
        "sodemieteren",
        "trutje",
        "trutjes",
    }
)
"""What the endings make of them, and means something else."""
HEADS: Final = """
    kut klote tering tyfus pokke pokken pleuris klere kolere hoeren
"""
TAILS: Final = """
    app baan baas bak bedoening collega computer crm ding dingen formulier gedoe hoer hond
    idee jong jood klus knop knoppen kop leidinggevende lijder lijders lijer lijers manager
    marokkaan marokkanen mens mongool nummer pakket proces programma programmas rapport
    scherm schermen smoes software streek streken systeem systemen team tijd tool turk
    turken update veld velden vent volk werk wijf wijven zeikerd zooi zootje zwarte
"""
"""Dutch swears in the first half of a word: each head with each tail."""
ILL_TAILS: Final = """
    ding gedoe hoer hond jood kop lijder lijders lijer lijers marokkaan marokkanen mongool
    systeem turk turken vent volk wijf wijven zooi zootje
"""
"""The same after the name of an illness that hospitals write about."""
PEOPLE: Final[Mapping[Language, str]] = MappingProxyType(
    {
        "en": """
        people person manager managers boss bosses cow pig pigs man men woman women guy guys
        girl boy colleague colleagues trainer trainers consultant consultants admin admins
        team bloke git gits fool fools lot oaf oafs
        """,
        "nl": """
        koe koeien trut muts man mannen vrouw vrouwen vent wijf baas bazen manager managers
        collega collega's leidinggevende leidinggevenden mensen gans geit varken varkens
        hond honden turk turken marokkaan marokkanen jood joden homo homo's flikker flikkers
        pot zwarte buitenlander buitenlanders trainer trainers consultant consultants
        beheerder beheerders sukkel sukkels oen oenen ezel ezels
        """,
    }
)
BESIDE_PEOPLE: Final[Mapping[Language, str]] = MappingProxyType(
    {
        "en": """
        stupid dumb useless worthless pathetic filthy brainless braindead thick
        """,
        "nl": """
        domme stomme luie vieze vuile achterlijke lelijke waardeloze achterbakse gore
        smerige dom stom lui achterlijk achterbaks waardeloos lelijk gestoord gestoorde
        """,
    }
)
"""Abuse before one of ``PEOPLE`` or after "you are"; of a screen or a rule it is feedback."""
NAMES: Final[Mapping[Language, str]] = MappingProxyType(
    {
        "en": """
        loser clown fool joke liar crook snake rat pig parasite psycho psychopath freak
        """,
        "nl": """
        loser clown sukkel oen ezel leugenaar oplichter slang rat varken parasiet psychopaat
        flikker muts zak gek lapzwans prutser
        """,
    }
)
"""Abuse after "you are a" or "he is a"."""
CROWDS: Final[Mapping[Language, str]] = MappingProxyType(
    {
        "en": "losers clowns fools liars crooks rats pigs parasites freaks",
        "nl": "losers clowns sukkels oenen ezels leugenaars oplichters prutsers gekken flikkers",
    }
)
"""The same after "these" or "a bunch of"."""
