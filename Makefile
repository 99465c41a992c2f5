# `make demo` and `make test` do everything, including set-up. See docs/install.md.
SHELL := /bin/bash
.DEFAULT_GOAL := help
.PHONY: help setup build build-bench install uninstall test browser-test demo interop conformance bench bench-page reproduce utility \
  fuzz reliability bundle wheel wheel-check python-test python-check pages lint format graph light-test examples docs script-test release clean

# The command, the demo and the tests use one optimized build. Without GDAL its trait is off, and the
# program reads few formats besides .npy; without cairo, pictures are PNG with a bitmap font.
BUILD = -c release -Xswiftc -enable-testing $$(scripts/traits.sh)

# SwiftPM passes on the package traits in an order that depends on hashes. Where that differs from run to run, it
# compiles everything again.
export SWIFT_DETERMINISTIC_HASHING := 1

# `ganinsar --version` names it. Set for all targets alike, so that they share one build.
export GANINSAR_COMMIT := $(shell scripts/commit.sh)

help: ## show this list
	@sed -n 's/^\([a-z-]*\):.*## /  make \1\t/p' $(firstword $(MAKEFILE_LIST)) | expand -t 20

setup: ## install what is missing: apt packages, LibTorch in .deps/, Swift packages
	@scripts/setup.sh

build: setup ## build the program: .build/release/ganinsar and ganinsar-torch
	swift build $(BUILD) --product ganinsar
	swift build $(BUILD) --product ganinsar-torch
	@python3 scripts/manual.py .build/release/ganinsar .build/release/man

build-bench: setup ## build what measures within its process, for bench and reproduce: .build/release/ganinsar-bench*
	swift build $(BUILD) --product ganinsar-bench
	swift build $(BUILD) --product ganinsar-bench-samples

# Not after `build`, so that 'sudo make install' builds nothing as root.
install: ## install what 'make build' built: PREFIX=/usr/local, DESTDIR, COPY_LIBTORCH=1
	@PREFIX="$(PREFIX)" DESTDIR="$(DESTDIR)" scripts/install.sh install

uninstall: ## remove what 'make install' installed: PREFIX, DESTDIR
	@PREFIX="$(PREFIX)" DESTDIR="$(DESTDIR)" scripts/install.sh uninstall

test: setup ## build and run all tests; lists those that were skipped, with reasons
	@scripts/test.sh $(BUILD)

# In a folder of its own: in .build it would replace what `make test` has built.
LIGHT_BUILD = .build-light
light-test: setup ## build and run the tests that need no LibTorch, as if there were none
	GANINSAR_TORCH=0 LIBTORCH=/nonexistent scripts/test.sh --scratch-path $(LIGHT_BUILD) $(BUILD)

examples: ## build and run Examples/, which use the libraries as a versioned dependency (docs/library.md)
	@scripts/examples.sh

# GDAL's headers and LibTorch are not needed for it: the page shows what users of the libraries import.
docs: ## write the documentation of the libraries to .build-docs/ (DocC)
	GANINSAR_DOCS=1 GANINSAR_TORCH=0 swift package --scratch-path .build-docs/build --allow-writing-to-directory .build-docs \
	  generate-documentation $(addprefix --target ,InSARSimulation RateMapIO RateMapEvaluation Simulators InSARPhase \
	    RateInversion Rasters RasterIO Datasets StackFiles FeatureMetrics Evaluation DeformationStatistics NeighborEmbedding) \
	  --enable-experimental-combined-documentation --output-path .build-docs/site

graph: setup ## print and check the import graph of the targets (docs/architecture.md has the layers)
	@python3 scripts/graph

script-test: ## test the scripts: the benchmarks' harness, the experiment, the graph
	@python3 -m unittest discover -s Benchmarks/Tests
	@python3 -m unittest discover -s scripts/reproduce/tests -t scripts
	@python3 -m unittest discover -s scripts/tests
	@python3 -m unittest discover -s scripts/graph/tests -t scripts
	@python3 -m unittest discover -s scripts/release/tests -t scripts
	@python3 -m unittest discover -s scripts/pages/tests -t scripts
	@python3 -m unittest discover -s scripts/wheel/tests -t scripts
	@python3 -m unittest discover -s scripts/utility/tests -t scripts

browser-test: build ## test the report page and the studio in headless Chromium (installed if missing)
	scripts/browser/test.sh

# SCENES is one path, or several paths without spaces; patterns such as maps/*.tif work.
demo: build ## scenes -> patches -> training -> generated maps; SCENES="a.tif b.h5" for your own
	@if [ -e "$$SCENES" ]; then scripts/demo.sh "$$SCENES"; else scripts/demo.sh $$SCENES; fi

reproduce: build build-bench ## repeat the paper's tables on real scenes: SIZE=64 BUDGET=minutes ARMS=.. (docs/reproduce.md)
	@python3 scripts/reproduce

# REAL and HELD_OUT are prepared datasets of different scenes; ARGS are options of scripts/utility.
utility: build ## train networks on maps of each source and score them on held-out scenes: REAL=.. HELD_OUT=.. (docs/networks.md)
	@python3 scripts/utility --real "$$REAL" --held-out "$$HELD_OUT" $(ARGS)

fuzz: setup ## read damaged files with every reader: MINUTES=10, SEED, READER, CORPUS (docs/reliability.md)
	swift build $(BUILD) --product ganinsar-fuzz
	OMP_WAIT_POLICY=passive OMP_NUM_THREADS=1 .build/release/ganinsar-fuzz --minutes $(or $(MINUTES),10) \
	  $(if $(SEED),--seed $(SEED)) $(if $(READER),--reader $(READER)) $(if $(CORPUS),--corpus "$(CORPUS)")

reliability: build ## kill jobs 100 times (KILLS=), fill small disks (root); prints tables
	python3 scripts/reliability/kills.py $(if $(KILLS),--kills $(KILLS))
	python3 scripts/reliability/full_disk.py

interop: build ## open stacks with MintPy, snaphu, zarr and others; writes docs/interop.md
	@scripts/interop/run.sh

conformance: build build-bench ## compare FID and related metrics with other tools; WEIGHTS=FILE
	scripts/conformance/run.sh

# ONLY="tsne fid", ROUNDS, SIZES, FRESH=1, PYTHON, REFERENCE, SYINTERFEROPY, WEIGHTS: see Benchmarks/README.md.
bench: build build-bench ## time each hot path beside other programs; writes docs/performance.md
	@python3 -m unittest discover -s Benchmarks/Tests
	@python3 Benchmarks/run.py $(if $(ONLY),--only $(ONLY)) $(if $(ROUNDS),--rounds $(ROUNDS)) $(if $(SIZES),--sizes $(SIZES)) \
	  $(if $(FRESH),--fresh) $(if $(PYTHON),--python "$(PYTHON)") \
	  $(if $(REFERENCE),--reference "$(REFERENCE)") $(if $(WEIGHTS),--weights "$(WEIGHTS)") \
	  $(if $(SYINTERFEROPY),--syinterferopy "$(SYINTERFEROPY)")

bench-page: ## write docs/performance.md from the available results
	@python3 Benchmarks/run.py --page

bundle: setup ## write a .tar.gz that runs without Swift, with the torch 2.11 of a Python
	scripts/bundle.sh

wheel: setup ## write a wheel for pip, with the programs and the Python package (docs/python.md)
	@python3 scripts/wheel

wheel-check: ## install the wheel in a fresh virtual environment without Swift, and test it there
	@python3 scripts/wheel --check

python-test: ## test the Python package with the program of 'make build', without a wheel; PYTHON
	PYTHONPATH=$$PWD/python GANINSAR_PROGRAM=$${GANINSAR_PROGRAM:-$$PWD/.build/release/ganinsar} $(or $(PYTHON),python3) -m unittest discover -s python/tests

python-check: build ## test the Python package, its types and examples, and the pages for users
	@scripts/python-check.sh

pages: ## run the commands and the Python of the pages for users, and compare what they print; PYTHON, PAGES
	PYTHONPATH=$$PWD/python GANINSAR_PROGRAM=$${GANINSAR_PROGRAM:-$$PWD/.build/release/ganinsar} $(or $(PYTHON),python3) scripts/pages $(PAGES)

lint: ## check Swift files, Python and shell scripts (ruff and shellcheck go to .deps/lint)
	@scripts/lint/lint.sh

format: ## format Swift and Python files, and fix what can be fixed
	@scripts/lint/lint.sh --fix

release: setup ## build, check and pack the files of a release; publishes nothing (scripts/release says how)
	@python3 scripts/release

clean: ## remove the build (LibTorch in .deps/ stays)
	swift package clean
