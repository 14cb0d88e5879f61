# shellcheck shell=bash
# Sourced, not run: named steps whose outcomes are counted with the tests.

# Exit status of a step or test that could not be run here.
skip_status=77

# record FILE NAME STATUS [REASON] writes a JUnit file of one case, by the exit
# status of what was run; the reason is of a skip.
record() {
  local inner='' status=run
  case $3 in
    0) ;;
    77) status=notrun inner='<skipped message="SKIP_RETURN_CODE=77"/>' ;;
    *) status=fail inner='<failure message=""/>' ;;
  esac
  mkdir -p "$(dirname "$1")"
  printf '<testsuite><testcase name="%s" status="%s">%s<system-out>%s</system-out></testcase></testsuite>\n' \
    "$2" "$status" "$inner" "${4:-}" >"$1"
}

# step NAME COMMAND... runs a check and counts it as one case.
step() {
  local name=$1 status=0 reason=
  shift
  echo "== $name"
  "$@" > >(tee "$results/$name.log") 2>&1 || status=$?
  if [ "$status" -eq "$skip_status" ]; then
    reason=$(tail -n 1 "$results/$name.log" | tr -d '<>&')
  fi
  record "$results/$name.xml" "$name" "$status" "$reason"
}

# suite NAME COMMAND... runs a test runner that takes --results FILE; one that
# fails without saying which test counts as one failed case.
suite() {
  local name=$1 status=0
  local file=$results/$name.xml
  shift
  echo "== $name"
  rm -f "$file"
  "$@" --results "$file" || status=$?
  if [ ! -s "$file" ]; then
    record "$file" "$name" "$((status == 0 ? 1 : status))" 'no time left'
  elif [ "$status" -ne 0 ] && python3 deploy/tally.py "$file" >/dev/null; then
    record "$results/$name-runner.xml" "$name" 1
  fi
}

# Starts counting in the empty folder build/results/NAME.
start_counting() {
  results=$PWD/build/results/$1
  rm -rf "$results"
  mkdir -p "$results"
}

# Prints the closing line of everything counted; ends with 1 on any failure.
print_closing_line() {
  echo "== summary"
  python3 deploy/tally.py "$results"/*.xml
}
