# Sourced by ./run and ./test: finds what they need, and installs it where it may (as root, from Debian's packages).

step() { printf '· %s\n' "$*"; }

give_up() { printf '%s\n' "$*" >&2; exit 1; }

need_dotnet() {
  command -v dotnet >/dev/null || give_up "The .NET 10 SDK is needed: https://dot.net/download"
  export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1
}

apt_install() {
  [ "$(id -u)" -eq 0 ] && command -v apt-get >/dev/null || return 1
  step "installing $*"
  [ -n "${APT_UPDATED:-}" ] || { apt-get update -qq >/dev/null 2>&1; APT_UPDATED=1; }
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@" >/dev/null 2>&1
}

# need_package COMMAND PACKAGE
need_package() {
  command -v "$1" >/dev/null && return
  apt_install "$2" || true
  command -v "$1" >/dev/null || give_up "$1 is needed and was not found: apt-get install $2"
}

postgres_binaries() {
  local postgres
  for postgres in /usr/lib/postgresql/*/bin/postgres; do [ -x "$postgres" ] && return 0; done
  command -v initdb >/dev/null && command -v postgres >/dev/null
}

# Debian's postgresql package starts a cluster of its own; ours is private, so that one is told not to.
need_postgres() {
  postgres_binaries && return
  if [ "$(id -u)" -eq 0 ] && command -v apt-get >/dev/null; then
    mkdir -p /etc/postgresql-common
    [ -e /etc/postgresql-common/createcluster.conf ] ||
      printf 'create_main_cluster = false\n' >/etc/postgresql-common/createcluster.conf
    apt_install postgresql || true
  fi
  postgres_binaries || give_up "PostgreSQL 15 or later is needed and was not found: sudo apt-get install postgresql"
}

need_npm_peers() {
  [ -f tests/peers/package-lock.json ] || return 0
  command -v npm >/dev/null || apt_install nodejs npm || true
  command -v npm >/dev/null || give_up "npm is needed for the peers that read our formats: apt-get install nodejs npm"
  local stamp=tests/peers/node_modules/.installed
  [ -f "$stamp" ] && cmp -s "$stamp" tests/peers/package-lock.json && return
  step "installing npm peers"
  npm ci --prefix tests/peers --ignore-scripts --no-audit --no-fund --loglevel=error &&
    cp tests/peers/package-lock.json "$stamp"
}

# Says nothing while all is well; shows the compiler's own words where it isn't. One compiler process serves the whole build:
# a private one, which ends with it, so that it may be had where the environment forbids those that stay behind.
build_quietly() {
  local log failed='' server=vouchsafe-$$-$RANDOM
  log=$(mktemp)
  UseSharedCompilation=true SharedCompilationId=$server dotnet build "$1" -c Release --nologo -v quiet >"$log" 2>&1 || failed=yes
  end_compiler "$server"
  [ -z "$failed" ] || grep -E 'error|warning' "$log" | sort -u | head -n 40 >&2
  rm -f "$log"
  [ -z "$failed" ] || give_up "the build failed"
}

# end_compiler ID: where it can't be told to, it ends by itself after ten idle minutes.
end_compiler() {
  local version sdks
  version=$(dotnet --version)
  sdks=$(dotnet --list-sdks | sed -n "s|^$version \[\(.*\)\]\$|\1|p")
  dotnet exec "$sdks/$version/Roslyn/bincore/VBCSCompiler.dll" -shutdown "-pipename:$1" >/dev/null 2>&1 || true
}
