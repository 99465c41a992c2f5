"""Checks that the version is the same everywhere, and makes a release: `make release`."""
