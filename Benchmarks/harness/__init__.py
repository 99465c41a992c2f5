"""Runs programs in turns, records time and memory, and writes the page. Uses only the standard library."""
