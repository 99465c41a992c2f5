#!/usr/bin/env bash
# Makes a Debian or Ubuntu machine ready to build: apt packages, LibTorch in .deps/, Swift packages.
#
#   scripts/setup.sh          `make build`, `make test` and `make demo` run this first
#   scripts/setup.sh --cuda   also installs LibTorch's GPU libraries (2 GB more to download)
#
# You may run it again at any time: what is already installed is kept, and a killed run leaves nothing
# that a later run would take for finished work.
#   LIBTORCH=/absolute/dir    use the LibTorch in this folder (include/ and lib/), download none
#   WHEELS=dir                look for the wheels in this folder first
#   KEEP_WHEELS=1             keep the downloaded wheels
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

version=2.11.0
home=.deps/libtorch
wheels=.deps/wheels

say() { echo "set-up: $*" >&2; }
die() {
  say "$*"
  exit 1
}

variant=cpu
case "${1:-}" in
  '') ;;
  --cuda) variant=cuda ;;
  *) die "unknown option $1: the only one is --cuda" ;;
esac

# --- What is installed ---------------------------------------------------------------------------

require_swift() {
  local remedy='install Swift 6.1 or later (https://www.swift.org/install/linux) and run this again'
  command -v swift >/dev/null || die "no Swift toolchain on PATH: $remedy"
  swift_version=$(swift --version 2>/dev/null | sed -n 's/.*Swift version \([0-9.]*\).*/\1/p') || true
  [ -n "$swift_version" ] || die "'swift --version' fails: $remedy"
  printf '6.1\n%s\n' "$swift_version" | sort -CV || die "Swift $swift_version is too old: $remedy"
}

has_gdal() { pkg-config --exists gdal hdf5 2>/dev/null; }
has_cairo() { pkg-config --exists cairo 2>/dev/null; }

libtorch_is_in_place() {
  [ -e "$home/.stamp-$version-$variant" ] || [ -e "$home/.stamp-$version-cuda" ]
}

# Prints the first python3 that has both zipfile and pip, or nothing.
find_python() {
  local candidate
  for candidate in python3 /usr/bin/python3; do
    if "$candidate" -c 'import zipfile, pip' 2>/dev/null; then
      echo "$candidate"
      return
    fi
  done
}

# require_space FOLDER MEGABYTES PURPOSE
require_space() {
  local free
  free=$(($(df -Pk "$1" | awk 'NR == 2 { print $4 }') / 1024))
  [ "$free" -ge "$2" ] ||
    die "not enough disk space for $3: $(realpath "$1") has $free MB free and $2 MB are needed." \
      "Free some and run this again."
}

# --- apt ------------------------------------------------------------------------------------

# Prints the required packages that are missing.
missing_packages() {
  command -v make >/dev/null || echo make
  command -v git >/dev/null || echo git
  # Debian's place, and Red Hat's.
  [ -e /etc/ssl/certs/ca-certificates.crt ] || [ -e /etc/pki/tls/certs/ca-bundle.crt ] || echo ca-certificates
  [ -d /usr/include/c++ ] || echo g++ # clang builds the C++ shim with libstdc++'s headers
  if [ -z "${LIBTORCH:-}" ] && ! libtorch_is_in_place && [ -z "$(find_python)" ]; then
    printf '%s\n' python3 python3-pip
  fi
}

# Sets `apt` to the command that calls apt-get, or fails if that is not possible.
find_apt() {
  command -v apt-get >/dev/null || {
    no_apt="this system has no apt-get, so its own package manager"
    return 1
  }
  apt=(env DEBIAN_FRONTEND=noninteractive apt-get -qq -o DPkg::Lock::Timeout=300
    -o Acquire::Retries=3 -o Dpkg::Use-Pty=0)
  if [ "$(id -u)" != 0 ]; then
    sudo -n true 2>/dev/null || return 1
    apt=(sudo -n "${apt[@]}")
  fi
}

install_packages() {
  local needed log apt=()
  mapfile -t needed < <(missing_packages)
  if ! find_apt; then
    [ ${#needed[@]} -eq 0 ] ||
      die "${no_apt:-without root or sudo, an administrator} has to install these packages" \
        "(Debian's names; docs/install.md has others): ${needed[*]}"
    return 0 # GDAL and cairo are optional
  fi
  has_gdal || needed+=(pkg-config libgdal-dev libhdf5-dev)
  has_cairo || needed+=(pkg-config libcairo2-dev fonts-dejavu-core)
  [ ${#needed[@]} -gt 0 ] || return 0
  say "installing ${needed[*]}"
  log=$(mktemp)
  if ! { "${apt[@]}" update && "${apt[@]}" install -y --no-install-recommends "${needed[@]}"; } \
    </dev/null >"$log" 2>&1; then
    tail -n 5 "$log" >&2
    rm -f "$log"
    die "apt-get could not install ${needed[*]} (its last lines are above):" \
      "check the network and /etc/apt, then run this again."
  fi
  rm -f "$log"
}

# --- LibTorch -------------------------------------------------------------------------------

# One pinned wheel per line: name==version, sha256, and the members to unpack (shell patterns).
# The C++ part of torch does not depend on the Python version in the wheel's name. libtorch_cpu.so
# itself needs cudart and cupti to load.
pinned_wheels() {
  local members='torch/include/* torch/lib/libtorch_cpu.so torch/lib/libc10.so torch/lib/libgomp*'
  members+=' torch-*/licenses/* torch-*/NOTICE*'
  if [ "$variant" = cuda ]; then
    members+=' torch/lib/libtorch_cuda*.so torch/lib/libc10_cuda.so'
    members+=' torch/lib/libtorch_nvshmem.so torch/lib/libcaffe2_nvrtc.so'
  fi
  echo "torch==$version 0f68f4ac6d95d12e896c3b7a912b5871619542ec54d3649cf48cc1edd4dd2756 $members"
  cat <<'WHEELS'
nvidia-cuda-runtime==13.0.96 7f82250d7782aa23b6cfe765ecc7db554bd3c2870c43f3d1821f1d18aebf0548 nvidia/cu13/lib/libcudart.so.13
nvidia-cuda-cupti==13.0.85 4eb01c08e859bf924d222250d2e8f8b8ff6d3db4721288cf35d14252a4d933c8 nvidia/cu13/lib/libcupti.so.13
WHEELS
  [ "$variant" = cpu ] || cat <<'WHEELS'
nvidia-cublas==13.1.0.3 ee8722c1f0145ab246bccb9e452153b5e0515fd094c3678df50b2a0888b8b171 nvidia/*.so*
nvidia-cuda-nvrtc==13.0.88 ad9b6d2ead2435f11cbb6868809d2adeeee302e9bb94bcf0539c7a40d80e8575 nvidia/*.so*
nvidia-cudnn-cu13==9.19.0.56 d20e1734305e9d68889a96e3f35094d733ff1f83932ebe462753973e53a572bf nvidia/*.so*
nvidia-cufft==12.0.0.61 6c44f692dce8fd5ffd3e3df134b6cdb9c2f72d99cf40b62c32dde45eea9ddad3 nvidia/*.so*
nvidia-cufile==1.15.1.6 08a3ecefae5a01c7f5117351c64f17c7c62efa5fffdbe24fc7d298da19cd0b44 nvidia/*.so*
nvidia-curand==10.4.0.35 1aee33a5da6e1db083fe2b90082def8915f30f3248d5896bcec36a579d941bfc nvidia/*.so*
nvidia-cusolver==12.0.4.66 0a759da5dea5c0ea10fd307de75cdeb59e7ea4fcb8add0924859b944babf1112 nvidia/*.so*
nvidia-cusparse==12.6.3.3 2b3c89c88d01ee0e477cb7f82ef60a11a4bcd57b6b87c33f789350b59759360b nvidia/*.so*
nvidia-cusparselt-cu13==0.8.0 25e30a8a7323935d4ad0340b95a0b69926eee755767e8e0b1cf8dd85b197d3fd nvidia/*.so*
nvidia-nccl-cu13==2.28.9 e4553a30f34195f3fa1da02a6da3d6337d28f2003943aa0a3d247bbc25fefc42 nvidia/*.so*
nvidia-nvjitlink==13.0.88 13a74f429e23b921c1109976abefacc69835f2f433ebd323d3946e11d804e47b nvidia/*.so*
nvidia-nvshmem-cu13==3.4.5 290f0a2ee94c9f3687a02502f3b9299a9f9fe826e6d0287ee18482e78d495b80 nvidia/*.so*
WHEELS
}

# wheel_in FOLDER NAME==VERSION: prints the path of that wheel, or nothing.
wheel_in() {
  local name=${2%%==*}
  find "$1" -maxdepth 1 -name "${name//-/_}-${2##*==}-*.whl" 2>/dev/null | head -n 1
}

# check_wheel FILE SHA256
check_wheel() {
  local found
  found=$(sha256sum "$1" | cut -d ' ' -f 1)
  [ "$found" = "$2" ] ||
    die "wrong sha256 for $1: expected $2, found $found. Delete that file and run this again."
}

# fetch_wheel NAME==VERSION SHA256: downloads into $wheels; only complete, checked files get there.
fetch_wheel() {
  local incoming=$wheels/incoming arrived glibc options=(--no-cache-dir --no-deps)
  [ -t 1 ] || options+=(-q)
  for glibc in _2_28 _2_27 _2_25 _2_18 _2_17 _2_12 2014 2010; do
    options+=(--platform "manylinux${glibc}_x86_64")
  done
  rm -rf "$incoming"
  mkdir -p "$incoming/tmp"
  echo "$1 --hash=sha256:$2" >"$incoming/requirement.txt"
  say "downloading ${1/==/ }"
  # pip keeps its temporary copy beside the result, because /tmp is small on some machines.
  if ! TMPDIR=$PWD/$incoming/tmp "$python" -m pip download "${options[@]}" \
    --require-hashes --only-binary=:all: --python-version 3.12 --implementation cp --abi cp312 \
    --abi none -d "$incoming" -r "$incoming/requirement.txt" \
    </dev/null 2>"$incoming/errors.txt"; then
    ! grep -q 'DO NOT MATCH THE HASHES' "$incoming/errors.txt" ||
      die "wrong sha256 for the ${1/==/ } wheel that pip found (expected $2): it is not used."
    die "cannot download ${1/==/ }: check the network and the disk, then run this again" \
      "(pip's messages are in $incoming/errors.txt)."
  fi
  arrived=$(wheel_in "$incoming" "$1")
  [ -n "$arrived" ] || die "pip brought no wheel for ${1/==/ }"
  check_wheel "$arrived" "$2"
  mv "$arrived" "$wheels/"
  rm -rf "$incoming"
}

# unpack WHEEL FOLDER PATTERN...
unpack() {
  "$python" -c '
import fnmatch, os, shutil, sys, zipfile

wheel, folder, patterns = sys.argv[1], sys.argv[2], sys.argv[3:]
try:
    with zipfile.ZipFile(wheel) as archive:
        for member in archive.infolist():
            name = member.filename
            if member.is_dir() or not any(fnmatch.fnmatchcase(name, p) for p in patterns):
                continue
            target = os.path.join(folder, name)
            os.makedirs(os.path.dirname(target), exist_ok=True)
            with archive.open(member) as source, open(target, "wb") as file:
                shutil.copyfileobj(source, file, 1 << 22)  # checks the CRC at the end
            os.chmod(target, 0o755 if ".so" in name else 0o644)
except (OSError, zipfile.BadZipFile) as error:
    sys.exit(f"set-up: cannot unpack {os.path.basename(wheel)}: {error}")
' "$@" </dev/null
}

install_libtorch() {
  [ "$(uname -s)-$(uname -m)" = Linux-x86_64 ] ||
    die "the pinned LibTorch is for x86_64 Linux: on $(uname -m), set LIBTORCH to one of your own"
  mkdir -p .deps 2>/dev/null || die "cannot make $PWD/.deps: make the folder writable, run again"

  # Child processes keep the lock, so a new run waits for those that outlive a killed one.
  exec 9>.deps/.lock
  flock -n 9 || { say "another set-up is running in this folder: waiting for it" && flock 9; }
  ! libtorch_is_in_place || return 0

  # LibTorch is not complete, so a killed run left what has these names.
  rm -rf "$home.part" "$wheels/incoming"
  mkdir -p "$wheels"
  local source=${WHEELS:-$wheels}
  if [ "$variant" = cuda ]; then
    require_space .deps 6500 LibTorch
  elif [ -n "$(wheel_in "$source" torch==$version)" ]; then
    require_space .deps 700 LibTorch
  else
    require_space .deps 1700 LibTorch
  fi

  local requirement sha256 members patterns wheel
  python=$(find_python)
  while read -r requirement sha256 members; do
    wheel=$(wheel_in "$source" "$requirement")
    if [ -n "$wheel" ]; then
      check_wheel "$wheel" "$sha256"
    else
      fetch_wheel "$requirement" "$sha256"
      wheel=$(wheel_in "$wheels" "$requirement")
    fi
    say "unpacking $(basename "$wheel")"
    read -ra patterns <<<"$members"
    unpack "$wheel" "$home.part" "${patterns[@]}" || exit 1
  done < <(pinned_wheels)
  sync -f "$home.part"
  touch "$home.part/.stamp-$version-$variant"
  rm -rf "$home"
  mv "$home.part" "$home"
  [ -n "${KEEP_WHEELS:-}" ] || rm -rf "$wheels"
}

check_own_libtorch() {
  case $LIBTORCH in
    /*) ;;
    *) die "LIBTORCH=$LIBTORCH is not an absolute path: give the folder with include/ and lib/" ;;
  esac
  local header=$LIBTORCH/include/torch/headeronly/version.h file found
  for file in "$header" "$LIBTORCH/lib/libtorch_cpu.so" "$LIBTORCH/lib/libc10.so"; do
    [ -e "$file" ] ||
      die "LIBTORCH: $file is missing. Correct the path, or unset LIBTORCH to download $version."
  done
  found=$(grep -o '"[0-9.]*"' "$header" | tr -d '"') || true
  [ "$found" = "$version" ] ||
    die "LIBTORCH=$LIBTORCH is version ${found:-unknown}, not $version. Unset it to download that."
}

# --------------------------------------------------------------------------------------------

require_swift
[ -d .build ] || require_space . 1000 "the build"
install_packages
if [ -n "${LIBTORCH:-}" ]; then
  check_own_libtorch
  torch="$version in $LIBTORCH"
else
  libtorch_is_in_place || install_libtorch
  torch="$version ($([ -e "$home/.stamp-$version-cuda" ] && echo cuda || echo cpu))"
fi
if [ ! -e .build/workspace-state.json ]; then
  say "fetching the Swift packages"
  if ! words=$(swift package resolve </dev/null 2>&1); then
    tail -n 3 <<<"$words" >&2
    die "cannot fetch the Swift packages (SwiftPM's last lines are above):" \
      "check the network, then run this again."
  fi
fi
if has_gdal; then
  gdal="GDAL $(pkg-config --modversion gdal)"
else
  gdal='no GDAL (apt-get install libgdal-dev libhdf5-dev needs root): few formats besides .npy can be read'
fi
if has_cairo; then
  cairo="cairo $(pkg-config --modversion cairo)"
else
  cairo='no cairo (apt-get install libcairo2-dev needs root): pictures are PNG with a bitmap font'
fi
say "Swift $swift_version, LibTorch $torch, $gdal, $cairo"
