"""There are no workflows of a code host here; the first one brings its own gates with it.

zizmor and actionlint look at such files, and without one they would look at nothing and be green.
So the gate is that there is none: whoever adds one adds those two, and takes this file out.
"""

from collections.abc import Iterable

PLACES = (
    ".github/workflows/",
    ".github/actions/",
    ".gitlab-ci",
    ".circleci/",
    ".forgejo/",
    ".gitea/",
)
NAMES = frozenset({"action.yml", "action.yaml", "azure-pipelines.yml", "bitbucket-pipelines.yml"})


def ungated(names: Iterable[str]) -> list[str]:
    """Return the files that a code host would run, which nothing here looks at."""
    return [
        f"{name}: add zizmor and actionlint to the gates before the first workflow"
        for name in names
        if name.startswith(PLACES) or name.rsplit("/", 1)[-1] in NAMES
    ]
