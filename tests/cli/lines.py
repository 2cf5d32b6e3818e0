"""Files of answers for the commands, good and bad, and how to run a command on them."""

import json
from collections.abc import Iterable
from pathlib import Path

from click.testing import CliRunner, Result

from bot.cli import main

NOW = "2026-11-16T09:00:00+00:00"
GOOD: dict[str, object] = {
    "person": "ann",
    "question": "A1",
    "score": 4,
    "at": "2026-11-10T09:00:00Z",
}


def line(**changed: object) -> bytes:
    """Write one line, with some keys changed; ``...`` leaves a key out."""
    return json.dumps({k: v for k, v in (GOOD | changed).items() if v is not ...}).encode()


BAD: dict[str, bytes] = {
    "score 0": line(score=0),
    "score 6": line(score=6),
    "score -1": line(score=-1),
    "score 3.5": line(score=3.5),
    "score 3.0": line(score=3.0),
    "score as text": line(score="3"),
    "score true": line(score=True),
    "score in a list": line(score=[3]),
    "score NaN": line(score=4).replace(b'"score": 4', b'"score": NaN'),
    "score Infinity": line(score=4).replace(b'"score": 4', b'"score": Infinity'),
    "score 1e0": line(score=4).replace(b'"score": 4', b'"score": 1e0'),
    "a huge score": line(score=4).replace(b'"score": 4', b'"score": ' + b"9" * 5000),
    "score left out": line(score=...),
    "person left out": line(person=...),
    "question left out": line(question=...),
    "at left out": line(at=...),
    "person empty": line(person=""),
    "person a figure": line(person=7),
    "person null": line(person=None),
    "person with a control character": line(person="a\x00n"),
    "person half a character": line().replace(b'"ann"', b'"\\ud800"'),
    "person endless": line(person="x" * 201),
    "question we do not ask": line(question="A99"),
    "question in small letters": line(question="a1"),
    "question null": line(question=None),
    "at no date": line(at="yesterday"),
    "at no such day": line(at="2026-02-30T09:00:00Z"),
    "at empty": line(at=""),
    "at null": line(at=None),
    "at true": line(at=True),
    "a list": b"[]",
    "a text": b'"ann"',
    "null": b"null",
    "not JSON": b"person,question,score",
    "half a line": line()[:-5],
    "two on a line": line() + line(),
    "single quotes": line().replace(b'"', b"'"),
    "binary": bytes(range(256)).replace(b"\n", b""),
    "not UTF-8": line().replace(b"ann", b"\xe9\xff"),
    "very deep": b"[" * 50_000,
}
"""Lines that are refused, by what is wrong with them."""


def write(path: Path, lines: Iterable[bytes], end: bytes = b"\n") -> Path:
    file = path / "answers.jsonl"
    file.write_bytes(end.join(lines) + end)
    return file


def run(*arguments: object) -> Result:
    """Run a command as a person would, without a shell."""
    return CliRunner().invoke(main, [str(a) for a in arguments])


def refused(result: Result, *told: str) -> None:
    """Check that input was refused: exit 2, nothing on stdout, and the message says where."""
    assert result.exit_code == 2, result.output + repr(result.exception)
    assert result.stdout == ""
    for text in told:
        assert text in result.stderr
    assert "Traceback" not in result.stderr
