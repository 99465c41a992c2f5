"""The import graph of the package's targets, printed and checked: `make graph`."""
