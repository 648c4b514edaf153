# Short commands over Meson and Ninja (meson.build).
#
#   make             build the program: build/cli/deepmirgene
#   make demo        the same, and try it on examples/
#   make check       build and run every test
#   make torture     fail every system call and allocation once, cut the power at each call, and
#                    kill 300 times (hours; needs strace)
#   make check-full  also fold all published sequences, and all random cases (minutes; needs the data)
#   make train-models DATA=DIR   train the built-in models
#   make published-sets DATA=DIR evaluate today's network on the published sets
#   make reproduce DATA=DIR      run the paper's experiments; QUICK=1: only a trial
#   make bench [DATA=DIR]        measure the figures of doc/performance.md
#   make install     into PREFIX (/usr/local); make uninstall removes it
#   make dist        the release tarball of the last commit, with its checksum, in DIST (build-dist)
#   make check-dist  build it and run its tests, without git and without the published data
#   make check-packages          build Debian packages of it; install, run and purge them (as root)
#   make check-cross             for 64-bit ARM and a big-endian processor, under qemu
#   make wheel       a wheel of the Python package that carries its libraries, in DIST
#   make web         build the page for the browser: build-web/deepmirgene.html (web/README.md)
#   make check-web   compare it with the program, under Node and in Chromium; LONG=1: a genome of 5 Mb as well
#   make clean
#
# Missing Debian packages are installed first, and listed with their size. With INSTALL=no nothing is
# installed, and tests that need missing packages are skipped. Plain Meson needs no network:
#
#   meson setup build && meson compile -C build

BUILD  ?= build
CHECK  ?= $(BUILD)-check
WEB    ?= $(BUILD)-web
DIST   ?= $(BUILD)-dist
PREFIX ?= /usr/local
INSTALL ?= yes
export INSTALL
PROGRAM = $(BUILD)/cli/deepmirgene

.PHONY: all demo check check-full torture train-models published-sets reproduce bench install uninstall clean build-dependencies \
	check-dependencies web-dependencies web check-web check-cross wheel dist check-dist check-packages

all: build-dependencies $(BUILD)/build.ninja
	@ninja -C $(BUILD) --quiet cli/deepmirgene

demo: all
	$(PROGRAM) predict examples/hairpins.fa

# A separate build, with asserts.
check: check-dependencies
	@test -f $(CHECK)/build.ninja || meson setup $(CHECK) -Dtests=$(if $(filter no,$(INSTALL)),auto,enabled) -Db_ndebug=false >/dev/null
	@ninja -C $(CHECK) --quiet
	@meson test -C $(CHECK) --no-rebuild --no-suite full --print-errorlogs

torture: check
	tests/torture/io.py $(CHECK)/cli/deepmirgene --long
	tests/torture/memory.py $(CHECK)/cli/deepmirgene $(CHECK)/tests/torture/libfailmalloc.so --long
	tests/torture/powercut.py $(CHECK)/cli/deepmirgene
	tests/torture/kill.py $(CHECK)/cli/deepmirgene --kills=50

check-full: check
	@meson test -C $(CHECK) --no-rebuild --suite full --print-errorlogs --verbose

train-models: all
	@test -n "$(DATA)" || { echo 'make train-models DATA=DIR: DIR holds mirboost/, mirbase/, negatives/ and genomes/' >&2; exit 2; }
	scripts/train-models.sh "$(DATA)" $(PROGRAM) $(BUILD)/models
	@ninja -C $(BUILD) --quiet tools/train_mature
	scripts/train-mature.sh "$(DATA)" $(PROGRAM) $(BUILD)/tools/train_mature $(BUILD)/models/mature
	cp $(BUILD)/models/*.safetensors $(BUILD)/models/mature/*.safetensors models/

published-sets: all
	@test -n "$(DATA)" || { echo 'make published-sets DATA=DIR: DIR holds the published sets' >&2; exit 2; }
	scripts/published-sets.py "$(DATA)" $(PROGRAM) $(BUILD)/published-sets

# Finished experiments are not run again: to start over, remove the folder.
reproduce: check-dependencies all
	@test -n "$(DATA)" || { echo 'make reproduce DATA=DIR: DIR holds the published sets' >&2; exit 2; }
	python3 scripts/reproduce $(if $(QUICK),--quick) "$(DATA)" $(PROGRAM) \
		$(if $(QUICK),$(BUILD)/reproduce-quick $(BUILD)/reproduce-quick/report,$(BUILD)/reproduce reproduce)

bench: build-dependencies $(BUILD)/build.ninja
	@ninja -C $(BUILD) --quiet
	bench/run.py $(BUILD) $(if $(DATA),--data "$(DATA)") --write doc/performance.md

install: build-dependencies $(BUILD)/build.ninja
	@meson configure $(BUILD) --prefix=$(PREFIX)
	@meson install -C $(BUILD)

uninstall:
	@ninja -C $(BUILD) --quiet uninstall

web: web-dependencies
	@web/build.sh $(WEB)
	@python3 web/assemble.py $(WEB) $(WEB)/deepmirgene.html
	@ls -l $(WEB)/deepmirgene.html

# The cases of every door (tests/doors) and 2,000 folds under Node, then the page: skipped, with a
# message, if Chromium or the npm package is missing.
check-web: web all
	@DMG_SOURCE=. python3 tests/doors/check.py --level v128 $(PROGRAM) node tests/doors/door.mjs $(WEB)/cli/deepmirgene.js
	@scripts/random-sequences.sh 2000 >$(WEB)/sequences.fa
	@$(PROGRAM) fold $(WEB)/sequences.fa >$(WEB)/sequences.fold
	@node tests/doors/door.mjs $(WEB)/cli/deepmirgene.js fold $(WEB)/sequences.fa | cmp - $(WEB)/sequences.fold
	@echo '2,000 folds are the same'
	@web/test-units.sh $(WEB)
	@test -d $(WEB)/node_modules/playwright-core || npm install --silent --no-audit --no-fund --prefix $(WEB) playwright-core || true
	@node web/test.mjs $(WEB)/deepmirgene.html $(PROGRAM) $(if $(LONG),--long) || [ $$? -eq 77 ]

check-cross: all
	@scripts/install-dependencies.sh cross
	@scripts/check-cross.sh aarch64 $(PROGRAM)
	@scripts/check-cross.sh s390x $(PROGRAM)

dist:
	@scripts/make-dist.sh $(DIST)

check-dist: check-dependencies
	@scripts/check-dist.sh "$$(scripts/make-dist.sh $(DIST))"

wheel:
	@scripts/install-dependencies.sh wheel
	@scripts/make-wheel.sh $(DIST)/wheel

check-packages:
	@scripts/install-dependencies.sh packages
	@scripts/check-packages.sh "$$(scripts/make-dist.sh $(DIST))" $(DIST)/debian

clean:
	rm -rf $(BUILD) $(CHECK) $(WEB) $(WEB)-libraries $(DIST)

$(BUILD)/build.ninja:
	@mkdir -p $(BUILD)
	@meson setup $(BUILD) >$(BUILD)/setup.log || { cat $(BUILD)/setup.log; exit 1; }

build-dependencies:
	@scripts/install-dependencies.sh build

check-dependencies:
	@scripts/install-dependencies.sh check

web-dependencies:
	@scripts/install-dependencies.sh web
