// Nothing is included from here: see Sources/CVersion/version.c.
