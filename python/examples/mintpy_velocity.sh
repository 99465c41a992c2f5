#!/usr/bin/env bash
# MintPy's velocity of a stack: network inversion, DEM error, velocity, as in its smallbaselineApp.
#
#   ganinsar compose RATES -o stack --format mintpy --seed 1
#   python/examples/mintpy_velocity.sh stack
#
# Needs mintpy 1.6 ('pip install mintpy'). Writes stack/mintpy/velocity.h5, in m/year.
set -euo pipefail
cd "$1/mintpy"
geometry=inputs/geometryGeo.h5
[ -e "$geometry" ] || geometry=inputs/geometryRadar.h5
ifgram_inversion.py inputs/ifgramStack.h5
dem_error.py timeseries.h5 -g "$geometry" -o timeseries_demErr.h5
timeseries2velocity.py timeseries_demErr.h5 -o velocity.h5
ganinsar info velocity.h5
