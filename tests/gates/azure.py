"""Two parsers over the Bicep files, and whether each part gets what it asks for.

Bicep's own compiler is in no package registry that we use. So a grammar (tree-sitter's) and a
parser (pycep, which checkov reads with) each have to understand every file; what one part is given
is compared with what it asks for; and checkov judges. That types and versions of Azure's resources
exist is not checked here: ``az deployment group what-if`` does that, before anything is changed.
"""

import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import tree_sitter_bicep
from tree_sitter import Language, Node, Parser

from tests.gates.cloud import python_of_gates

FOLDER = "infra/bicep"
_ASKED = re.compile(r"^param (\w+) \w+( =)?", re.MULTILINE)
_TOLD = re.compile(r"^output (\w+) ", re.MULTILINE)
_PART = re.compile(r"^module (\w+) '([^']+)' = \{\n(.*?)^\}", re.MULTILINE | re.DOTALL)
_GIVEN = re.compile(r"^    (\w+): ", re.MULTILINE)
_READ = (
    "import json, sys\n"
    "from pycep import BicepParser\n"
    "parser = BicepParser()\n"
    "for name in sys.argv[1:]:\n"
    "    try:\n"
    "        parser.parse(text=open(name, encoding='utf-8').read())\n"
    "    except Exception as error:\n"
    "        print(json.dumps([name, str(error).splitlines()[0]]))\n"
)


def unfit_azure(root: Path) -> list[str]:
    """Return which Bicep files below ``root`` cannot be read, or do not fit each other."""
    files = sorted((root / FOLDER).glob("*.bicep"))
    if not files:
        return ["no Bicep file to look at"]
    parser = Parser(Language(tree_sitter_bicep.language()))
    found: list[str] = []
    for file in files:
        where = file.relative_to(root)
        tree = parser.parse(file.read_bytes())
        found += [f"{where}:{n.start_point.row + 1}: is no Bicep" for n in _broken(tree.root_node)]
        found += [f"{where}: {problem}" for problem in _misfits(file)]
    asked = [str(python_of_gates()), "-c", _READ, *map(str, files)]
    told = subprocess.run(asked, capture_output=True, text=True, check=False)  # noqa: S603 - ours
    found += [f"pycep cannot read {line}" for line in told.stdout.splitlines()]
    if told.returncode:
        found.append(f"pycep did not look: {told.stderr.strip()[-300:]}")
    return found


def _broken(node: Node) -> Iterator[Node]:
    if node.is_error or node.is_missing:
        yield node
        return
    for child in node.children:
        yield from _broken(child)


def _misfits(file: Path) -> Iterator[str]:
    """Compare what each part is given with what it asks for, and what is read of it."""
    text = file.read_text(encoding="utf-8")
    for name, path, body in _PART.findall(text):
        part = file.parent / path
        if not part.is_file():
            yield f"{name}: there is no {path}"
            continue
        words = part.read_text(encoding="utf-8")
        asked = {key: bool(usual) for key, usual in _ASKED.findall(words)}
        given = set(_GIVEN.findall(body))
        yield from (f"{name}: {path} asks for no {key}" for key in sorted(given - set(asked)))
        needed = {key for key, usual in asked.items() if not usual}
        yield from (f"{name}: {path} needs {key}" for key in sorted(needed - given))
        read = set(re.findall(rf"\b{name}\.outputs\.(\w+)", text))
        told = set(_TOLD.findall(words))
        yield from (f"{name}: {path} tells no {key}" for key in sorted(read - told))
