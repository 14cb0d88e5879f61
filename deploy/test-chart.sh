#!/bin/bash
# Checks the Helm chart and the Kustomize files: they render, what they render is
# valid in every version of Kubernetes, safe and consistent, and wrong values are
# refused.
set -euo pipefail

usage() {
  cat <<'EOT'
Usage: deploy/test-chart.sh [--fix] [--results FILE]

Installs helm and kustomize in build/tools, Kubernetes' schemas in a virtual
environment there, and tests deploy/helm and deploy/kustomize with them. The
last line is "N passed, N failed, N skipped".

  --fix           first makes anew what is made from the chart: its README.md
                  and deploy/kustomize/base
  --results FILE  where the JUnit file goes (build/results/chart.xml)
EOT
}

cd "$(dirname "$0")/.."
. deploy/steps.sh

fix=false
results_file=build/results/chart.xml
while [ $# -gt 0 ]; do
  case $1 in
    --fix) fix=true && shift ;;
    --results)
      [ $# -ge 2 ] || { echo 'test-chart.sh: --results needs a value' >&2 && exit 2; }
      results_file=$2 && shift 2
      ;;
    --help | -h) usage && exit ;;
    *) echo "test-chart.sh: unknown argument \"$1\"; see --help" >&2 && exit 2 ;;
  esac
done

# Ends the run where a tool cannot be had: that is one skipped case.
skip() {
  record "$results_file" chart "$skip_status" "$1"
  python3 deploy/tally.py "$results_file" || true
  exit 0
}

deploy/packages.sh test
helm=$(deploy/tools.sh helm) || skip 'there is no helm'
kustomize=$(deploy/tools.sh kustomize) || skip 'there is no kustomize'
python=build/tools/kubernetes-validate/bin/python
if [ ! -x "$python" ]; then
  echo 'test-chart: installing kubernetes-validate' >&2
  rm -rf build/tools/kubernetes-validate.new
  # Moved when complete, so that a later run does not find half of it.
  { python3 -m venv build/tools/kubernetes-validate.new &&
    build/tools/kubernetes-validate.new/bin/python -m pip install --quiet \
      --disable-pip-version-check --requirement deploy/helm/requirements.txt &&
    mv build/tools/kubernetes-validate.new build/tools/kubernetes-validate; } ||
    skip 'there is no kubernetes-validate'
fi

if "$fix"; then "$python" deploy/helm/generate.py "$helm"; fi
status=0
"$python" deploy/helm/chart_test.py --helm "$helm" --kustomize "$kustomize" \
  --bin build/release/bin --results "$results_file" || status=$?
python3 deploy/tally.py "$results_file" || status=1
exit "$status"
