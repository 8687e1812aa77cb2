# make alone lists the targets. Every line of help below is a `## ` comment.

GO          ?= go
BURSAR_DATA ?= ../shared/data
FUZZTIME    ?= 30s
BENCHTIME   ?= 1s

# DuckDB is C++.
export CGO_ENABLED := 1

NODE_IS_THERE  := { command -v npm >/dev/null && node -e 'process.exit(process.versions.node.split(".")[0] < 20 ? 1 : 0)' 2>/dev/null; }
UI_SOURCES     := api/openapi.yaml $(wildcard ui/web/*.json ui/web/*.ts ui/web/index.html ui/web/public/* ui/web/scripts/*) $(shell find ui/web/src -type f ! -name schema.ts)
SERVED_WITHOUT  = $(if $(wildcard ui/dist/index.html),the dashboard that was built before,a page that says how to build the dashboard)

VERSION     := $(shell git describe --always --dirty 2>/dev/null || echo unknown)
DATA        := $(abspath $(BURSAR_DATA))

LINT_VERSION := v2.15.0
LINT         := bin/tools/golangci-lint-$(LINT_VERSION)

.DEFAULT_GOAL := help
.PHONY: help demo run ui ui-if-node ui-check ui-check-if-node e2e screenshots build test test-data check format vet lint rules peers sdks race chaos fuzz bench clean data-is-there office office-is-there

help:
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

demo: build ## a simulated company to click through, until Ctrl-C
	@bin/bursar demo

run: build ## an empty ledger in bursar-data, served until Ctrl-C
	@bin/bursar serve

build: ui-if-node ## the binary with its dashboard, in bin/bursar
	$(GO) build -buildvcs=false -ldflags '-X main.version=$(VERSION)' -o bin/bursar ./cmd/bursar

test: ## every test that needs nothing but this repository
	$(GO) test -timeout 20m ./...
	@echo "not run here: make test-data (needs BURSAR_DATA, default ../shared/data), make office, make peers, make sdks, make race, make chaos, make fuzz, make bench"

test-data: data-is-there ## tests on the data sets in BURSAR_DATA
	BURSAR_DATA=$(DATA) $(GO) test -tags data -count=1 -timeout 30m -run TestData ./...

check: format vet lint rules ui-check-if-node ## format, vet, lint, house rules; the dashboard's where Node 20 is

format:
	@echo "== gofmt"
	@files=$$(find . \( -name node_modules -o -path ./bin -o -path ./.git \) -prune -o -name '*.go' -print | xargs gofmt -l) || exit 1; \
	test -z "$$files" || { echo "$$files"; echo "run gofmt -w on these files"; exit 1; }

vet:
	@echo "== go vet, without and with the tag data"
	$(GO) vet ./...
	$(GO) vet -tags data ./...

lint: $(LINT) ## golangci-lint alone, as configured in .golangci.yml
	@echo "== golangci-lint $(LINT_VERSION)"
	$(LINT) run ./...

rules:
	@echo "== house rules"
	$(GO) test -count=1 .

# Built once for each pinned version, outside go.mod.
$(LINT):
	@echo "building golangci-lint $(LINT_VERSION) (about 90 seconds on two cores, once)"
	@mkdir -p $(@D)
	GOFLAGS= GOBIN=$(CURDIR)/bin/tools $(GO) install github.com/golangci/golangci-lint/v2/cmd/golangci-lint@$(LINT_VERSION)
	@mv bin/tools/golangci-lint $@

ui: ui/dist/index.html ## the dashboard, in ui/dist (needs Node 20)

# It is built in ui/web/built and moved when it is whole and light enough, so that
# ui/dist is never half of one.
ui/dist/index.html: ui/web/node_modules/.package-lock.json $(UI_SOURCES)
	npm run --silent --prefix ui/web build

ui/web/node_modules/.package-lock.json: ui/web/package-lock.json
	npm ci --prefix ui/web --no-audit --no-fund --ignore-scripts
	@touch $@

# A binary without the dashboard is whole but for its page, so neither Node nor npm's
# registry is a must. What does not compile fails.
ui-if-node:
	@if ! $(NODE_IS_THERE); then \
		echo "there is no Node 20: the binary serves $(SERVED_WITHOUT) (install Node 20, then make build)"; \
	elif ! $(MAKE) --no-print-directory ui/web/node_modules/.package-lock.json; then \
		echo "npm could not install what the dashboard is built with: the binary serves $(SERVED_WITHOUT) (make build tries again)"; \
	else $(MAKE) --no-print-directory ui; fi

ui-check: ui ## types, lint, format, unit tests and weight of the dashboard (needs Node 20)
	npm run --silent --prefix ui/web check
	npm run --silent --prefix ui/web budget

ui-check-if-node:
	@echo "== dashboard: types, lint, format, unit tests, weight"
	@if ! $(NODE_IS_THERE); then \
		echo "NOT RUN: the dashboard's checks need Node 20 (install it, then make ui-check)"; \
	elif ! $(MAKE) --no-print-directory ui/web/node_modules/.package-lock.json; then \
		echo "NOT RUN: npm could not install what the dashboard's checks need (make ui-check tries again)"; \
	else $(MAKE) --no-print-directory ui-check; fi

e2e: build ## the dashboard in a real browser, on a simulated company (needs Node 20 and Chromium)
	npm run --silent --prefix ui/web e2e

screenshots: build ## pictures of every page in both themes, in bin/screenshots (needs Node 20 and Chromium)
	node ui/web/test/shoot.mjs

office: office-is-there ## the board report's pages as pictures, and its workbook counted by LibreOffice
	$(GO) vet -tags office ./paper
	$(GO) test -tags office -count=1 -run TestOffice ./paper

chaos: ## kill -9 and stops under events and calls, twenty times each; 10,000 clients that leave
	BURSAR_KILLS=20 $(GO) test -count=1 -timeout 30m -run 'TestKillUnderPostedEvents|TestKillUnderCalls|TestStopUnderCalls' ./cmd/bursar
	BURSAR_ABORTS=10000 $(GO) test -count=1 -timeout 30m -run TestClientsThatLeaveAnywhere ./cmd/bursar

# Nothing else needs what is installed here, or Node.
peers: ## our figures against those of ccusage, installed from npm into bin/peers (needs Node 20)
	@mkdir -p bin/peers && cp harvest/testdata/peers/package*.json bin/peers/
	npm install --prefix bin/peers --no-save --no-audit --no-fund --ignore-scripts
	$(GO) test -tags peers -count=1 -run TestPeer -v ./harvest

# Versions stand in gateway/testdata/sdks: go.mod, requirements.txt, package-lock.json.
sdks: build ## OpenAI's and Anthropic's own libraries through the gateway, and under OpenLLMetry and OpenInference, installed into bin/sdks (needs Python 3 and Node 22; 20 works, with a warning)
	@mkdir -p bin/sdks/go bin/sdks/javascript && cp gateway/testdata/sdks/javascript/* bin/sdks/javascript/
	$(GO) -C gateway/testdata/sdks/go build -buildvcs=false -o $(CURDIR)/bin/sdks/go/drive .
	python3 -m venv bin/sdks/python && bin/sdks/python/bin/pip install --quiet --disable-pip-version-check --no-deps -r gateway/testdata/sdks/python/requirements.txt
	npm ci --prefix bin/sdks/javascript --no-audit --no-fund --ignore-scripts
	@mkdir -p bin/sdks/telemetry/javascript && cp gateway/testdata/sdks/telemetry/javascript/* bin/sdks/telemetry/javascript/
	$(GO) -C gateway/testdata/sdks/telemetry/go build -buildvcs=false -o $(CURDIR)/bin/sdks/telemetry/go/drive .
	python3 -m venv bin/sdks/telemetry/python && bin/sdks/telemetry/python/bin/pip install --quiet --disable-pip-version-check --no-deps -r gateway/testdata/sdks/telemetry/python/requirements.txt
	npm ci --prefix bin/sdks/telemetry/javascript --no-audit --no-fund --ignore-scripts
	$(GO) vet -tags sdks ./gateway
	$(GO) test -tags sdks -count=1 -timeout 30m -run TestSDK -v ./gateway

race: ## tests under the race detector, without the DuckDB driver's own
	$(GO) test -race $$($(GO) list ./... | grep -v '/lake/duck$$')

fuzz: ## each fuzz target for FUZZTIME (30s)
	@for package in $$($(GO) list ./...); do \
		targets=$$($(GO) test -list '^Fuzz' $$package) || { echo "$$targets"; exit 1; }; \
		for target in $$(echo "$$targets" | grep '^Fuzz'); do \
			echo "== $$package $$target"; \
			$(GO) test -run '^$$' -fuzz "^$$target\$$" -fuzztime $(FUZZTIME) $$package || exit 1; \
		done; \
	done

bench: data-is-there ## benchmarks, with the machine they ran on
	@echo "machine: $$(lscpu 2>/dev/null | sed -n 's/^Model name: *//p' | head -n 1), $$(getconf _NPROCESSORS_ONLN) cores, $$($(GO) version)"
	BURSAR_DATA=$(DATA) $(GO) test -tags data -run '^$$' -bench . -benchmem -benchtime $(BENCHTIME) -timeout 60m ./...

clean: ## removes what was built
	rm -rf bin ui/dist ui/web/built

office-is-there:
	@for tool in soffice pdftoppm pdftotext; do \
		command -v $$tool >/dev/null || { echo "there is no $$tool: apt-get install libreoffice-calc-nogui poppler-utils"; exit 1; }; \
	done

data-is-there:
	@test -d '$(DATA)' || { \
		echo "there is no data folder at $(DATA)"; \
		echo "set BURSAR_DATA to the folder that holds prices, traces, outcomes, forecast, anomaly and focus"; \
		exit 1; }
