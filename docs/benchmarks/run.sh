#!/usr/bin/env bash
# Drives a load generator through every run of docs/benchmarks.md against the real jar, and prints one table.
#
#   docs/benchmarks/run.sh GENERATOR [FOLDER]
#
# GENERATOR is a program that is told what to do by its environment, plays the 3PL itself and prints one line of
# JSON a run; FOLDER (a new one under /tmp by default) gets those lines, the logs and the data.
# SCALE=0.01 makes every run a hundredth of its size, to see whether everything works.
# RUNS="startup warmup cap rate77" picks runs. SERAI_DB_URL, _USER and _PASSWORD name a PostgreSQL of yours; then
# PG_PID is its process and PG_CRASH the command that kills and starts it again, else that run is left out.
set -euo pipefail

fail() { printf '%s\n' "$*" >&2; exit 1; }

generator=$(readlink -f -- "${1:?usage: run.sh GENERATOR [FOLDER]}")
[[ -x $generator ]] || fail "The load generator '$generator' cannot be run. Name the compiled program."
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
out=${2:-$(mktemp -d /tmp/serai-bench-XXXXXX)}
mkdir -p "$out"
out=$(cd "$out" && pwd)
scale=${SCALE:-1}
runs=" ${RUNS:-startup warmup cap rate77 rate800 fail2 kill9 pgkill scarce} "
lines=$out/lines.jsonl
secret=bench-webhook-secret
token=bench-token-of-this-machine
http=${SERAI_HTTP_PORT:-18080}
management=${SERAI_MANAGEMENT_PORT:-18081}
stub=${STUB_PORT:-18099}
offset=0
: >"$lines"

# The cache of the JDK is used when it is there; learning it would disturb the runs.
if ! compgen -G "$root/target/app/$(cat "$root/target/app/current" 2>/dev/null)/serai-*.aot" >/dev/null; then
  export SERAI_AOT=off
fi

cat >"$out/serai.yaml" <<YAML
serai:
  channels:
    bench: { connector: shopify, shop: bench, base-url: "http://127.0.0.1:9", webhook-secret: $secret, access-token: none,
             reconcile: false, read-listings: false, publish-stock: false, publish-status: false }
  partners:
    warehouse: { connector: rest-3pl, base-url: "http://127.0.0.1:$stub", api-key: none, webhook-secret: none,
                 poll-shipments: false, poll-stock: false }
  nodes:
    main: { type: 3pl, partner: warehouse, country: DE }
YAML

cat >"$out/start.sh" <<SH
#!/usr/bin/env bash
# Starts the hub on the data folder named in '$out/data.txt' and notes its process.
export SERAI_DATA_DIR="\$(cat '$out/data.txt')" SERAI_HTTP_PORT=$http SERAI_MANAGEMENT_PORT=$management SERAI_API_TOKEN=$token
setsid '$root/serai' run --config '$out/serai.yaml' >>'$out/hub.log' 2>&1 </dev/null &
echo \$! >'$out/hub.pid'
SH
chmod +x "$out/start.sh"

hub() { cat "$out/hub.pid"; }

ready() {
  for ((i = 0; i < 1200; i++)); do
    curl -sf -o /dev/null "http://127.0.0.1:$management/actuator/health/readiness" && return
    kill -0 "$(hub)" 2>/dev/null || fail "The hub ended. The last of '$out/hub.log': $(tail -n 1 "$out/hub.log")"
    sleep 0.1
  done
  fail "The hub was not ready after two minutes. See '$out/hub.log'."
}

stop() {
  [[ -f $out/hub.pid ]] || return 0
  kill "$(hub)" 2>/dev/null || true
  for ((i = 0; i < 600; i++)); do kill -0 "$(hub)" 2>/dev/null || break; sleep 0.1; done
  kill -9 "$(hub)" 2>/dev/null || true
  rm -f "$out/hub.pid"
}
trap stop EXIT

stock() { # units of each of 10,000 articles
  awk -v units="$1" 'BEGIN {
    printf "{\"node\":\"main\",\"levels\":["
    for (i = 0; i < 10000; i++) printf "%s{\"sku\":\"SKU-%05d\",\"onHand\":%d}", i ? "," : "", i, units
    print "]}" }' >"$out/stock.json"
  curl -sf -o /dev/null -X PUT "http://127.0.0.1:$http/api/v1/stock" -H "Authorization: Bearer $token" \
    -H 'Content-Type: application/json' --data-binary "@$out/stock.json" || fail "The stock could not be loaded."
}

fresh() { # a hub on empty tables with this many units of each article
  stop
  printf '%s/data-%s\n' "$out" "$RANDOM$RANDOM" >"$out/data.txt"
  "$out/start.sh"
  ready
  stock "$1"
}

postmaster() {
  if [[ -n ${PG_PID:-} ]]; then echo "$PG_PID"; else head -n 1 "$(cat "$out/data.txt")/postgres/data/postmaster.pid" 2>/dev/null || true; fi
}

count() { awk -v n="$1" -v s="$scale" 'BEGIN { n = int(n * s); print n < 20 ? 20 : n }'; }

run() { # name, count, then VAR=value of the generator
  local name=$1 size=$2 line
  shift 2
  [[ $name == cap1 || $name == warmup || $name == startup ]] || sleep 2
  printf '%s: %s orders ...\n' "$name" "$size" >&2
  line=$(env URL="http://127.0.0.1:$http/webhooks/bench" SECRET="$secret" SHOP=bench.myshopify.com PEER="$name" COUNT="$size" \
    CONNS=32 ID_OFFSET="$offset" STUB_PORT="$stub" RETRY=1 PIDS="@$out/hub.pid" PG_PID="$(postmaster)" "$@" \
    "$generator" 2>>"$out/generator.log") || true
  offset=$((offset + size))
  [[ -n $line ]] || fail "Run '$name' printed nothing. See '$out/generator.log'."
  printf '%s\n' "$line" >>"$lines"
}

wanted() { [[ $runs == *" $1 "* ]]; }

plenty=100000000
"$root/serai" --version >/dev/null # builds, when it has to, before anything is measured
fresh $plenty

if wanted startup; then
  stop
  began=$(date +%s%N)
  "$out/start.sh"
  run startup 1 CONNS=1 DUP=0 SETTLE_S=0
  first=$(awk -v a="$began" -v b="$(date +%s%N)" 'BEGIN { printf "%.2f", (b - a) / 1e9 }')
  sleep 3
  resident=$(awk '/VmRSS/ { print int($2 / 1024) }' "/proc/$(hub)/status")
fi
if wanted warmup; then run warmup "$(count 60000)"; fi
if wanted cap; then for i in 1 2 3; do run "cap$i" "$(count 60000)"; done; fi
if wanted rate77; then run rate77 "$(count 770)" RATE=77; fi
if wanted rate800; then run rate800 "$(count 8000)" RATE=800; fi
if wanted fail2; then run fail2 "$(count 20000)" STUB_FAIL=0.02 DRAIN_S=90; fi
if wanted kill9; then
  run kill9 "$(count 30000)" CRASH_AT_S="${CRASH_AT_S:-3}" DRAIN_S=120 \
    CRASH_CMD="kill -9 \$(cat '$out/hub.pid'); sleep 0.3; '$out/start.sh'"
fi
if wanted pgkill; then
  if [[ -z ${SERAI_DB_URL:-} ]]; then
    # SIGQUIT is PostgreSQL's immediate stop; the hub starts its own server again.
    run pgkill "$(count 30000)" CRASH_AT_S="${CRASH_AT_S:-3}" DRAIN_S=120 CRASH_CMD="kill -QUIT $(postmaster)"
  elif [[ -n ${PG_CRASH:-} ]]; then
    run pgkill "$(count 30000)" CRASH_AT_S="${CRASH_AT_S:-3}" DRAIN_S=120 CRASH_CMD="$PG_CRASH"
  else
    echo "pgkill: left out, since PG_CRASH does not say how to kill your server" >&2
  fi
fi
if wanted scarce; then
  [[ -z ${SERAI_DB_URL:-} ]] || fail "Run 'scarce' needs empty tables: leave it out with RUNS, or run it without SERAI_DB_URL."
  fresh 20
  run scarce "$(count 15000)" STOCK=20
fi
stop

field() { sed -n "s/.*\"$1\":\"\{0,1\}\([^,\"}]*\).*/\1/p" <<<"$2"; }

{
  echo "commit    $(git -C "$root" rev-parse --short HEAD 2>/dev/null || echo none)"
  echo "machine   $(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | head -n 1), $(nproc) cpus, $(awk '/MemTotal/ { print int($2 / 1024) }' /proc/meminfo) MB, $(uname -sr)"
  echo "database  ${SERAI_DB_URL:-embedded}"
  echo "options   ${SERAI_JAVA_OPTS:-those of ./serai}, SERAI_AOT=${SERAI_AOT:-on}, scale $scale"
  if [[ -n ${first:-} ]]; then echo "startup   first order at the 3PL after $first s, $resident MB resident 3 s later"; fi
  echo
  printf '%-8s %-5s %9s %9s %9s %9s %9s %8s %8s %6s %6s %6s %6s %6s\n' run ok orders/s 'acc p50' 'acc p99' 'e2e p50' 'e2e p99' \
    'app s/k' 'db s/k' 'MB' lost twice overs. others
  while read -r line; do
    printf '%-8s %-5s %9s %9s %9s %9s %9s %8s %8s %6s %6s %6s %6s %6s\n' "$(field peer "$line")" "$(field ok "$line")" \
      "$(field e2e_per_s "$line")" "$(field accept_p50_ms "$line")" "$(field accept_p99_ms "$line")" \
      "$(field e2e_p50_ms "$line")" "$(field e2e_p99_ms "$line")" "$(field cpu_app_s_per_1000 "$line")" \
      "$(field cpu_db_s_per_1000 "$line")" "$(field rss_peak_mb "$line")" "$(field lost_after_2xx "$line")" \
      "$(field sent_twice "$line")" "$(field oversold_skus "$line")" "$(field other_cpu_cores "$line")"
  done <"$lines"
  if wanted cap; then
    median=$(grep '"peer":"cap' "$lines" | while read -r line; do field e2e_per_s "$line"; done | sort -n | sed -n 2p)
    echo
    echo "median of cap1..3: $median orders/s"
  fi
} | tee "$out/table.txt"
echo "raw lines: $lines" >&2
! grep -q '"ok":false' "$lines"
