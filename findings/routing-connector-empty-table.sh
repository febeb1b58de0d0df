#!/usr/bin/env bash
# OpenTelemetry Collector, routing connector v0.149.0 (Go module opentelemetry-collector-contrib/connector/routingconnector).
# Expected: a connector with `default_pipelines` and no routes sends everything to the default pipelines.
# Seen: the configuration is refused ("invalid routing table: the routing table is empty"), so a collector whose routes are generated
# does not start before the first route exists.
set -euo pipefail
work="$(mktemp -d)"
trap 'rm -rf "$work"' EXIT
cd "$work"
cat > main.go <<'GO'
package main

import (
	"fmt"

	"github.com/open-telemetry/opentelemetry-collector-contrib/connector/routingconnector"
	"go.opentelemetry.io/collector/pipeline"
)

func main() {
	config := routingconnector.NewFactory().CreateDefaultConfig().(*routingconnector.Config)
	config.DefaultPipelines = []pipeline.ID{pipeline.NewIDWithName(pipeline.SignalTraces, "nobody")}
	fmt.Println("empty table with a default pipeline:", config.Validate())
	config.Table = []routingconnector.RoutingTableItem{{
		Context:   "span",
		Condition: `attributes["team"] == "a"`,
		Pipelines: []pipeline.ID{pipeline.NewIDWithName(pipeline.SignalTraces, "a")},
	}}
	fmt.Println("one route:", config.Validate())
}
GO
go mod init finding > /dev/null 2>&1
go get github.com/open-telemetry/opentelemetry-collector-contrib/connector/routingconnector@v0.149.0 > /dev/null 2>&1
go mod tidy > /dev/null 2>&1
go list -m github.com/open-telemetry/opentelemetry-collector-contrib/connector/routingconnector
seen="$(go run .)"
echo "$seen"
grep -q '^empty table with a default pipeline: .*routing table is empty' <<< "$seen"
grep -q '^one route: <nil>$' <<< "$seen"
