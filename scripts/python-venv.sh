#!/usr/bin/env bash
# Makes the environment of scripts/python-check.sh, or leaves it as it is if it is up to date.
#
#   scripts/python-venv.sh FOLDER     torch, the largest part, is 2.5 GB to download
set -euo pipefail
venv=$1
cd "$(dirname "${BASH_SOURCE[0]}")/.."
pins=python/tests/requirements.txt
# Where the fixed wheels fit, nothing else is installed.
fixed=python/tests/requirements-$(python3 -c 'import sys; print("%d.%d" % sys.version_info[:2])').txt
if [ -f "$fixed" ] && [ "$(uname -sm)" = "Linux x86_64" ]; then pins=$fixed; fi
cmp -s "$pins" "$venv/installed.txt" && exit
echo "python-venv: installing torch and others into $venv" >&2
rm -rf "$venv"
python3 -m venv "$venv"
"$venv/bin/pip" install --quiet --disable-pip-version-check --no-cache-dir --requirement "$pins"
cp "$pins" "$venv/installed.txt" # last: an environment without it is not used
