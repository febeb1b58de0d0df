#!/usr/bin/env bash
# Pulumi's Go SDK v3.276.0, resource.NewUniqueName: what a bridged provider (AWS among them) calls to name a resource that has no name.
# Expected: a logical name that is too long for the type is trimmed to the type's limit before the random suffix.
# Seen: it is an error, so a load balancer with a logical name of 25 characters (limit 32, suffix 8) fails at `pulumi up`.
set -euo pipefail
work="$(mktemp -d)"
trap 'rm -rf "$work"' EXIT
cd "$work"
cat > main.go <<'GO'
package main

import (
	"fmt"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
)

func main() {
	for _, logical := range []string{"gateway-load-balancers-01", "gateway-load-balancers-1"} {
		name, err := resource.NewUniqueName([]byte("seed"), logical+"-", 7, 32, nil)
		fmt.Printf("%d characters and a suffix of 8, limit 32: length %d, error %v\n", len(logical), len(name), err)
	}
}
GO
go mod init finding > /dev/null 2>&1
go get github.com/pulumi/pulumi/sdk/v3@v3.276.0 > /dev/null 2>&1
go mod tidy > /dev/null 2>&1
go list -m github.com/pulumi/pulumi/sdk/v3
seen="$(go run .)"
echo "$seen"
grep -q '^25 characters .*length 0, error name .* is longer than maximum length 32' <<< "$seen"
grep -q '^24 characters .*length 32, error <nil>' <<< "$seen"
