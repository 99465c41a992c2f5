#!/usr/bin/env bash
# Installs what `make build` built, and removes it again.
#
#   scripts/install.sh [install|uninstall]     what `make install` and `make uninstall` run
#
#   PREFIX=/usr/local   an absolute path; for yourself alone, give PREFIX=$HOME/.local
#   DESTDIR=folder      put in front of every path, for packagers
#   LIBTORCH=folder     the LibTorch of the build, if it is not that of scripts/setup.sh
#   COPY_LIBTORCH=1     copies LibTorch (about 600 MB), so that this checkout may go; otherwise it is linked to
#   PROGRAM=file        another build of the program than .build/release/ganinsar
#
# Everything is in PREFIX/lib/ganinsar: the program, Swift's libraries, models/, configs/, LibTorch. PREFIX/bin/ganinsar
# is a link to it; man pages and shell completion are in PREFIX/share. PREFIX/lib/ganinsar/installed.txt lists all
# files, folders.txt beside it the folders that were made for them: `make uninstall` removes only what they list,
# folders only if nothing else is in them.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
prefix=${PREFIX:-/usr/local}
program=${PROGRAM:-$here/.build/release/ganinsar}
torch=${LIBTORCH:-$here/.deps/libtorch/torch}
root=${DESTDIR:-}$prefix
home=$root/lib/ganinsar

fail() {
  echo "install: $*" >&2
  exit 1
}

case $prefix in
  /*) ;;
  *) fail "PREFIX=$prefix is not an absolute path: give one such as /usr/local or $HOME/.local." ;;
esac

# The nearest folder of a path that exists.
existing() {
  local path=$1
  until [ -e "$path" ]; do path=$(dirname "$path"); done
  echo "$path"
}

require_writable() {
  local folder
  folder=$(existing "$root")
  [ -w "$folder" ] || fail "$folder is not writable: run this with sudo, or give PREFIX=\$HOME/.local."
}

# Removes what an earlier run installed, but for the folder of the program itself.
remove_links() {
  local path
  while IFS= read -r path; do
    if [ -f "$root/$path" ] || [ -L "$root/$path" ]; then rm -f "$root/$path"; fi
  done <"$home/installed.txt"
}

# folder PATH: makes a folder; those above it that are new, too, are noted in `folders`, the deepest last.
folders=()
folder() {
  if [ ! -e "$1" ]; then
    folder "$(dirname "$1")"
    mkdir "$1"
    folders+=("$1")
  fi
}

uninstall() {
  local made=() path
  [ -f "$home/installed.txt" ] || fail "nothing of ganinsar is installed in $root ($home/installed.txt does not exist)."
  require_writable
  remove_links
  if [ -f "$home/folders.txt" ]; then mapfile -t made < <(tac "$home/folders.txt"); fi
  rm -rf "$home"
  for path in "${made[@]}"; do
    path=$root/$path
    path=${path%/.} # rmdir takes no folder that is called "."
    if [ -d "$path" ]; then rmdir --ignore-fail-on-non-empty "$path"; fi
  done
  echo "removed ganinsar from $root"
}

# share FOLDER NAME: takes a file from standard input to PREFIX/share/FOLDER/NAME, and notes it.
share() {
  cat >"$root/share/$1/$2"
  echo "share/$1/$2" >>"$home/installed.txt"
}

install_share() {
  local installed=$1 page place
  for place in bash-completion/completions zsh/site-functions fish/vendor_completions.d man/man1; do
    folder "$root/share/$place"
  done
  "$installed" --generate-completion-script bash | share bash-completion/completions ganinsar
  "$installed" --generate-completion-script zsh | share zsh/site-functions _ganinsar
  "$installed" --generate-completion-script fish | share fish/vendor_completions.d ganinsar.fish
  for page in "$(dirname "$program")"/man/*.1; do
    # shellcheck disable=SC2094 # read from the build, written below PREFIX
    if [ -e "$page" ]; then share man/man1 "${page##*/}" <"$page"; fi
  done
}

install_all() {
  local part=$home.part file libraries
  [ -x "$program" ] || fail "$program does not exist: run 'make build' first (not with sudo)."
  [ -x "$program-torch" ] || fail "$program-torch does not exist: run 'make build' first (not with sudo)."
  [ -e "$torch/lib/libtorch_cpu.so" ] || fail "there is no LibTorch in $torch: run 'make build' first, or set LIBTORCH."
  require_writable
  if [ -e "$home" ] && [ ! -f "$home/installed.txt" ]; then
    fail "$home exists and was not made by this script: move it away first."
  fi
  if [ -e "$root/bin/ganinsar" ] && [ ! -f "$home/installed.txt" ]; then
    fail "$root/bin/ganinsar exists and was not made by this script: move it away first."
  fi

  rm -rf "$part"
  folder "$root/lib"
  folder "$root/bin"
  mkdir "$part"
  for file in "$program" "$program-torch"; do
    install -m 755 "$file" "$part/$(basename "$file")"
  done
  # Swift's own libraries, so that the program does not need the toolchain; it looks for them beside itself.
  mapfile -t libraries < <(ldd "$program" "$program-torch" | awk '$3 ~ /\/swift\/linux\// { print $3 }' | sort -u)
  for file in "${libraries[@]}" "$(dirname "$program")"/libganinsar*.so; do
    if [ -e "$file" ]; then install -m 644 "$file" "$part/"; fi
  done
  cp -r "$here/models" "$here/configs" "$here/LICENSE" "$part/"
  # The program looks for torch/lib beside itself.
  if [ -z "${COPY_LIBTORCH:-}" ]; then
    ln -s "$(realpath "$torch")" "$part/torch"
  elif [ "$torch" = "$here/.deps/libtorch/torch" ]; then
    cp -r "$here/.deps/libtorch" "$part/libtorch" # torch/ needs the nvidia/ beside it
    rm -rf "$part/libtorch/torch/include"
    ln -s libtorch/torch "$part/torch"
  else
    mkdir "$part/torch"
    cp -r "$torch/lib" "$part/torch/lib"
  fi
  echo bin/ganinsar >"$part/installed.txt"
  if [ -f "$home/folders.txt" ]; then cp "$home/folders.txt" "$part/"; fi

  if [ -e "$home" ]; then
    remove_links
    rm -rf "$home"
  fi
  mv "$part" "$home"
  ln -sfn ../lib/ganinsar/ganinsar "$root/bin/ganinsar"
  "$home/ganinsar" --version >/dev/null || fail "the installed program does not start: see the message above."
  install_share "$home/ganinsar"
  for file in "${folders[@]}"; do
    if [ "$file" = "$root" ]; then file=$root/.; fi
    case $file in "$root"/*) echo "${file#"$root"/}" >>"$home/folders.txt" ;; esac
  done
  echo "installed $root/bin/ganinsar"
  case :$PATH: in
    *":$prefix/bin:"*) ;;
    *) echo "add $prefix/bin to PATH: export PATH=\"$prefix/bin:\$PATH\"" ;;
  esac
}

case ${1:-install} in
  install) install_all ;;
  uninstall) uninstall ;;
  *) fail "unknown word '$1': give install or uninstall." ;;
esac
