#!/usr/bin/env bash
# Prints the options of `swift build` that switch on the package traits whose libraries are installed.
gdal=$(pkg-config --exists gdal hdf5 2>/dev/null && echo GDAL)
cairo=$(pkg-config --exists cairo 2>/dev/null && echo Cairo)
case "$gdal,$cairo" in
  GDAL,Cairo) ;; # the default
  ,) echo --disable-default-traits ;;
  *) echo --traits "$gdal$cairo" ;;
esac
