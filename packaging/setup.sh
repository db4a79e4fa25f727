# What ./run and tests have in common: packages, building, free ports, the demo lot. Sourced, not run.
# shellcheck shell=bash

: "${root:?is the folder of the clone; set it before sourcing this}"

# Debian's own tools come first: what the packages bring (python3 modules, mosquitto in /usr/sbin) is
# theirs alone.
export PATH="/usr/bin:/bin:/usr/sbin:/sbin:$PATH"

readonly exit_unreachable=3

say() { printf '%s\n' "$*"; }
complain() { printf '%s\n' "$*" >&2; }

# packages_of SECTION…: the names in these sections of packages.txt.
packages_of() {
  local wanted=" $* " line section=""
  while IFS= read -r line || [[ -n $line ]]; do
    case $line in
      '' | '#'*) ;;
      '['*']') section=${line:1:-1} ;;
      *) [[ $wanted == *" $section "* ]] && say "$line" ;;
    esac
  done <"$root/packaging/packages.txt"
}

# ensure_packages SECTION…: installs what is missing; ends with 3 where nobody may.
ensure_packages() {
  local -a wanted missing=()
  local installed name
  mapfile -t wanted < <(packages_of "$@")
  # Names that dpkg never heard of are an error for it and simply missing for us.
  installed=$(dpkg-query --show --showformat='${db:Status-Status} ${Package}\n' "${wanted[@]}" \
    2>/dev/null || true)
  for name in "${wanted[@]}"; do
    grep -qxF "installed $name" <<<"$installed" || missing+=("$name")
  done
  ((${#missing[@]} == 0)) && return 0

  local -a as_root=()
  if ((EUID != 0)); then
    # With a terminal sudo may ask for the password; without one it must not wait for it.
    if ! command -v sudo >/dev/null || { [[ ! -t 0 ]] && ! sudo -n true 2>/dev/null; }; then
      ask_for_packages "${missing[@]}"
    fi
    as_root=(sudo)
  fi
  say "Installing ${#missing[@]} Debian packages: ${missing[*]}"
  "${as_root[@]}" apt-get update -qq || ask_for_packages "${missing[@]}"
  "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq \
    --no-install-recommends -o DPkg::Lock::Timeout=300 "${missing[@]}" ||
    ask_for_packages "${missing[@]}"
}

ask_for_packages() {
  complain "These Debian packages are missing and could not be installed from here. Please run:"
  complain "apt-get install --no-install-recommends $*"
  exit "$exit_unreachable"
}

# build PRESET: configures where needed, then builds with every core.
build() {
  local preset=$1 folder="$root/build/$1"
  local -a options=()
  command -v ccache >/dev/null && options+=(-DCMAKE_CXX_COMPILER_LAUNCHER=ccache)
  if [[ ! -f $folder/build.ninja ]]; then
    (cd "$root" && cmake --preset "$preset" "${options[@]}")
  elif ! grep -qxF "CMAKE_HOME_DIRECTORY:INTERNAL=$root" "$folder/CMakeCache.txt"; then
    # The folder was moved or copied together with its build.
    (cd "$root" && cmake --fresh --preset "$preset" "${options[@]}")
  fi
  cmake --build "$folder" --parallel "$(nproc)"
}

# port_is_free PORT: whether nobody on this machine listens on it.
port_is_free() {
  ! (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null
}

# free_port USUAL [NOT…]: the usual port or the next one that is free and none of the others.
free_port() {
  local port=$1
  local -a others=("${@:2}")
  while [[ " ${others[*]} " == *" $port "* ]] || ! port_is_free "$port"; do
    port=$((port + 1))
    if ((port > $1 + 1000)); then
      complain "No port from $1 on is free."
      return 1
    fi
  done
  say "$port"
}

# demo_lot MQTT HTTP ENTRY EXIT: the demo lot's file, with these ports.
demo_lot() {
  sed -e "s/127\.0\.0\.1:1883/127.0.0.1:$1/" -e "s/127\.0\.0\.1:8080/127.0.0.1:$2/" \
    -e "s/127\.0\.0\.1:1502/127.0.0.1:$3/" -e "s/127\.0\.0\.1:1503/127.0.0.1:$4/" \
    -e "1i # Made by ./run from packaging/demo/lot.toml, anew on every start." \
    "$root/packaging/demo/lot.toml"
}
