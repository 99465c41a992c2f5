"""What rate maps are worth: one phase network trained on maps of several sources, tested on real ground.

`make utility`, or `python3 scripts/utility --help`.
"""
