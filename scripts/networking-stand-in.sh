#!/usr/bin/env bash
# Writes a library in the place of Swift's libFoundationNetworking.so, for a program that never calls it.
#
#   scripts/networking-stand-in.sh PROGRAM OUTPUT
#
# A part of FlyingFox that this project does not use (its proxy) is linked into ganinsar-torch and names URLSession. The
# real library needs libcurl and some thirty libraries of the system. This one has the symbols that PROGRAM
# takes from it, and each of them ends the program (docs/decisions/0043-networking-stand-in.md).
set -euo pipefail
[ $# -eq 2 ] || {
  echo "networking-stand-in: give PROGRAM and OUTPUT." >&2
  exit 1
}
symbols=$(nm -D --undefined-only "$1" | sed -n 's/^ *U \(\$s20FoundationNetworking[^@ ]*\)$/\1/p')
count=$(grep -c . <<<"$symbols" || true)
# More would mean that the program does use it.
if [ "$count" -gt 20 ]; then
  echo "networking-stand-in: $1 takes $count symbols from FoundationNetworking, more than FlyingFox's proxy does." >&2
  exit 1
fi
number=0
{
  while read -r symbol; do
    [ -n "$symbol" ] || continue
    number=$((number + 1))
    echo "void stand_in_$number(void) __asm__(\"$symbol\");"
    echo "void stand_in_$number(void) { __builtin_trap(); }"
  done <<<"$symbols"
} | clang -shared -fPIC -nostdlib -x c -Wl,-soname,libFoundationNetworking.so -o "$2" -
