#!/bin/bash
# A real grpcurl, with no proto file at hand, lists, describes and searches.
# Usage: tests/e2e/grpcurl_test.sh BIN
set -eu

. tests/e2e/seeds_server.sh
grpcurl=$(deploy/tools.sh --find grpcurl 2>&1) || { echo "$grpcurl" && exit 77; }
serve_seeds "$1"

call() {
  "$grpcurl" -plaintext -max-time 20 "$@"
}

# expect TEXT OUTPUT: OUTPUT contains TEXT.
expect() {
  [[ $2 == *"$1"* ]] || { echo "no \"$1\" in: $2" && exit 1; }
}

services=$(call "$address" list)
for service in footnote.v1.SearchService footnote.v1.DocumentService \
  footnote.v1.CollectionService grpc.health.v1.Health \
  grpc.reflection.v1.ServerReflection \
  grpc.reflection.v1alpha.ServerReflection; do
  expect "$service" "$services"
done

# Reflection answers in both of its versions.
for version in v1 v1alpha; do
  expect '"name": "footnote.v1.SearchService"' "$(call -d '{"list_services":"*"}' \
    "$address" "grpc.reflection.$version.ServerReflection/ServerReflectionInfo")"
done

expect 'rpc Search ( .footnote.v1.SearchRequest ) returns ( .footnote.v1.SearchResponse );' \
  "$(call "$address" describe footnote.v1.SearchService.Search)"
expect 'string query = ' "$(call "$address" describe footnote.v1.SearchRequest)"
expect '"SERVING"' "$(call "$address" grpc.health.v1.Health/Check)"

answer=$(call -d '{"collection":"seeds","query":"supply chain risk"}' \
  "$address" footnote.v1.SearchService/Search)
python3 - "$answer" <<'EOF'
import json, sys
answer = json.loads(sys.argv[1])
passages = answer["passages"]
assert passages, answer
assert "supply" in passages[0]["text"].lower(), passages[0]
EOF

# An error carries its reason.
error=$(call -d '{"collection":"nowhere","query":"risk"}' "$address" \
  footnote.v1.SearchService/Search 2>&1) && { echo "no error: $error" && exit 1; }
expect 'NotFound' "$error"
expect 'COLLECTION_NOT_FOUND' "$error"
