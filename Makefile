# drydock: type `make help`.
CONFIG   ?= release
PREFIX   ?= /usr/local
# MPI=1 shares `size` and `sweep` between the ranks of mpirun.
B        := build/$(CONFIG)$(if $(MPI),-mpi)
VERSION  := 0.1.0

CC       ?= cc
PKGS     := gsl jansson libfyaml libmicrohttpd libnghttp2 zlib
CFLAGS   ?= -O3 -g
WARN     := -Wall -Wextra -Wpedantic -Wshadow -Wstrict-prototypes \
            -Wmissing-prototypes -Wvla -Wconversion -Wno-sign-conversion \
            -Werror=implicit-function-declaration
SAN_asan := -fsanitize=address,undefined -fno-sanitize-recover=all
SAN_tsan := -fsanitize=thread
SAN_fuzz := -fsanitize=fuzzer-no-link,address,undefined \
            -fno-sanitize-recover=all
PKG_CFLAGS := $(shell pkg-config --cflags $(PKGS) 2>/dev/null)
PKG_LIBS   := $(shell pkg-config --libs $(PKGS) $(if $(MPI),mpi-c) \
                2>/dev/null) -lcsv
# No contraction: the same history at every optimisation level.
ALL_CFLAGS = -std=gnu11 $(CFLAGS) $(WARN) -ffp-contract=off -pthread -I. \
             $(LTO) -DDRYDOCK_VERSION='"$(VERSION)"' $(PKG_CFLAGS)

SRC      := $(filter-out sim/plan/ranks$(if $(MPI),,_mpi).c, \
            $(sort $(wildcard sim/*/*.c models/*.c traces/*.c scenarios/*.c \
                   plots/*.c)))
LIB_SRC  := $(filter-out sim/app/main.c sim/app/heap.c,$(SRC))
LIB_OBJ  := $(LIB_SRC:%.c=$(B)/%.o)
TEST_SRC := $(sort $(wildcard tests/test_*.c))
TESTS    := $(TEST_SRC:tests/%.c=$(B)/tests/%)
FUZZ     := $(patsubst %.c,$(B)/%,$(wildcard tests/fuzz/fuzz_*.c))
LIB      := $(B)/libdrydock.a
# The sanitizers have allocators of their own.
MAIN_OBJ := $(B)/sim/app/main.o $(if $(SAN_$(CONFIG)),,$(B)/sim/app/heap.o)

# The program is optimised across the files that a replication runs. gcc puts
# plain code beside what it keeps for that, with which tests link fast.
GCC_LTO  := $(if $(findstring Free Software,$(shell $(CC) --version)), \
              $(if $(SAN_$(CONFIG)),,-flto=auto -ffat-lto-objects))
LTO      := -fno-lto
$(filter $(B)/models/% $(B)/sim/base/% $(B)/sim/engine/%,$(LIB_OBJ)) \
    $(B)/drydock: private LTO := $(or $(strip $(GCC_LTO)),$(LTO))

all: $(B)/drydock ## build the program

$(B)/%.o: %.c Makefile
	@mkdir -p $(@D)
	$(CC) $(ALL_CFLAGS) $(SAN_$(CONFIG)) $(CPPFLAGS) -MMD -MP -c $< -o $@
# All others are compiled with MPI as they are without.
$(B)/sim/plan/ranks_mpi.o: private PKG_CFLAGS += $(shell pkg-config --cflags \
    mpi-c 2>/dev/null)
# The figures' scripts and the schemas of lines are part of the program.
$(B)/plots/scripts.o: $(wildcard plots/*.gp)
$(B)/sim/app/line_schema.o: $(wildcard sim/app/*.schema.json)
# So is the page's, which runs only what has these hashes.
PAGE     := $(wildcard plots/page/* plots/vendor/uplot/*)
build/page.csp: $(PAGE)
	@mkdir -p $(@D)
	sh plots/page/csp.sh >$@.part && mv $@.part $@
$(B)/plots/webpage.o: $(PAGE) build/page.csp

-include $(LIB_OBJ:.o=.d) $(TESTS:=.d) $(FUZZ:=.d) $(MAIN_OBJ:.o=.d)

$(LIB): $(LIB_OBJ)
	@rm -f $@
	$(AR) rcs $@ $^

$(B)/drydock: $(MAIN_OBJ) $(LIB)
	$(CC) $(ALL_CFLAGS) $(SAN_$(CONFIG)) $^ $(LDFLAGS) $(PKG_LIBS) -lm -o $@

$(B)/tests/%: $(B)/tests/%.o $(LIB)
	$(CC) $(ALL_CFLAGS) $(SAN_$(CONFIG)) $^ $(LDFLAGS) -lcmocka $(PKG_LIBS) \
	    -lm -o $@

# Makes allocations fail in tests/fail.sh; never under a sanitizer.
$(B)/tests/fail/memory.so: tests/fail/memory.c
	@mkdir -p $(@D)
	$(CC) -std=gnu11 -O2 $(WARN) -fPIC -shared $< -o $@

JOBS ?= $(shell nproc)
SELF  = $(MAKE) --no-print-directory -j $(JOBS)
FILES = $(shell git ls-files '*.c' '*.h' 2>/dev/null || find . -name '*.[ch]')

demo: ## install what is missing, build, replay the shipped 14 days
	@sh tests/packages.sh build
	@$(SELF) -s CONFIG=release all
	@build/release/drydock run scenarios/prod.yaml -o build/demo || [ $$? -eq 3 ]

check: ## install what is missing, build, run every test
	@sh tests/packages.sh build test
	@$(SELF) -s all
	@$(SELF) -s run-tests

run-tests: $(TESTS) $(B)/drydock $(B)/tests/fail/memory.so
	@sh tests/run.sh $(B) $(TESTS)

asan: ## every test under the address and undefined-behaviour sanitizers
	@sh tests/packages.sh build test
	@$(SELF) -s CONFIG=asan run-tests

golden: $(B)/drydock ## renew the golden files; read the diff before a commit
	@sh tests/golden.sh $(B)/drydock renew

stories: $(B)/drydock ## replay what the real pool went through; one table
	@sh tests/stories.sh $(B)/drydock

gallery: all ## renew README's outputs and pictures (3 min)
	@sh tests/gallery.sh $(B)/drydock renew
	@sh tests/readme.sh $(B)/drydock renew-all

bench: all ## engine and scenario speed, with instruction counts
	@sh tests/packages.sh bench
	@sh tests/bench.sh $(B)/drydock

# The event lists that were tried: the same program, another list.
LISTS     := $(patsubst tests/lists/%.c,%,$(wildcard tests/lists/*.c))
LIST_RUNS := $(LISTS:%=$(B)/lists/%) $(LISTS:%=$(B)/lists/%.test)
-include $(LISTS:%=$(B)/tests/lists/%.d)
$(LISTS:%=$(B)/lists/%) $(LISTS:%=$(B)/tests/lists/%.o): \
    private LTO := $(or $(strip $(GCC_LTO)),$(LTO))
$(B)/lists/%: $(B)/tests/lists/%.o $(B)/sim/app/main.o $(LIB)
	@mkdir -p $(@D)
	$(CC) $(ALL_CFLAGS) $^ $(LDFLAGS) $(PKG_LIBS) -lm -o $@

$(B)/lists/%.test: $(B)/tests/lists/%.o $(B)/tests/test_fel.o $(LIB)
	@mkdir -p $(@D)
	$(CC) $(ALL_CFLAGS) $^ $(LDFLAGS) -lcmocka $(PKG_LIBS) -lm -o $@

lists: all $(B)/tests/test_fel $(LIST_RUNS) ## event lists side by side (14 min)
	@sh tests/packages.sh bench
	@sh tests/lists.sh $(B) $(LISTS)

race: all ## the same work in ns-3, SimGrid and SimPy, side by side (3 min)
	@sh tests/packages.sh race bench
	@nice sh tests/race/race.sh $(B)/drydock $(LIB)

fuzz: ## fuzz every parser for FUZZ_S seconds in all (default 60)
	@sh tests/packages.sh build fuzz
	@sh tests/fuzz.sh $(or $(FUZZ_S),60)

portable: ## the same bytes from every compiler and level (4 min; cached 1)
	@sh tests/packages.sh build fuzz
	@sh tests/config.sh

tsan: ## what works with threads, under the thread sanitizer (1 min)
	@sh tests/packages.sh build
	@$(SELF) CONFIG=tsan CFLAGS='-O1 -g' all
	@sh tests/tsan.sh build/tsan/drydock

valgrind: $(TESTS) ## the short tests under valgrind (4 min); ONLY=text
	@sh tests/packages.sh build test bench
	@nice sh tests/valgrind.sh 1 $(TESTS)

analyze: ## gcc's analyzer over every source (1 min); clang's is part of tidy
	@sh tests/packages.sh build
	@nice sh tests/analyze.sh $(SRC)

load: all ## time and memory of a million and of ten million builds
	@nice sh tests/load.sh $(B)/drydock

torture: $(B)/tests/test_torture ## N random systems (10000) hold their invariants
	@DRYDOCK_TORTURE=$(or $(N),10000) nice $<

failures: all $(B)/tests/fail/memory.so ## each call, each caller's allocation fails (2 min)
	@sh tests/packages.sh test
	@FAIL=all nice sh tests/fail.sh $(B)/drydock

mutants: ## change the models in one line, see that a test fails; ONLY=pattern
	@sh tests/packages.sh build test
	@nice sh tests/mutants.sh '$(ONLY)'

tidy: ## static checks, size limits, order of the layers
	@sh tests/packages.sh build test lint
	@sh tests/layers.sh
	@sh tests/tidy.sh $(FILES)

format: ## lay out every C file
	clang-format -i $(FILES)

format-check: ## fail if a C file is not laid out
	@sh tests/packages.sh lint
	@clang-format --dry-run -Werror $(FILES)

# The bridge to the real controllers; only these three targets need Go.
UP       := models/upstream
UP_OBJ   := $(patsubst %.c,$(B)/%.o,$(wildcard $(UP)/*.c))
UP_GO    ?= hpa135 hpa132 keda216 keda220 karpenter
UPSTREAM := build/upstream
-include $(UP_OBJ:.o=.d)

upstream: $(UP_OBJ) $(LIB) ## build the bridge to the real controllers (Go 1.26)
	@mkdir -p $(UPSTREAM)
	$(CC) $(ALL_CFLAGS) $(SAN_$(CONFIG)) $^ $(LDFLAGS) $(PKG_LIBS) -lm \
	    -o $(UPSTREAM)/upstream
	@for d in $(UP_GO); do ( cd $(UP)/$$d && nice -n 19 \
	    go test -p 1 -c -o ../../../$(UPSTREAM)/$$d . ) || exit 1; done

record: upstream ## renew tests/recorded; read the diff before a commit
	@sh $(UP)/record.sh $(UPSTREAM) tests/recorded $(UP_GO)

fuzz-upstream: upstream ## N random scenarios (1000), real against model
	@sh $(UP)/fuzz.sh $(UPSTREAM) $(or $(N),1000) $(or $(SEED),1) $(UP_GO)

PAGES := $(B)/pages
pages: $(B)/drydock ## manual pages, completions and JSON Schemas
	@sh sim/pages/pages.sh $< $(PAGES)

SHARE := $(DESTDIR)$(PREFIX)/share
DATA  := $(SHARE)/drydock
DOC   := $(SHARE)/doc/drydock
# Debian's own packages have another folder for zsh.
ZSH   := $(SHARE)/zsh/site-functions
INTO  := $(DESTDIR)$(PREFIX)/bin $(SHARE)/man/man1 $(SHARE)/man/man5 \
         $(SHARE)/bash-completion/completions $(ZSH) \
         $(DATA)/scenarios $(DATA)/traces $(DATA)/schemas $(DOC)
install: pages ## copy everything that a user needs below DESTDIR and PREFIX
	install -d $(INTO)
	install -m 755 $(B)/drydock $(DESTDIR)$(PREFIX)/bin/drydock
	install -m 644 $(PAGES)/man1/*.1 $(SHARE)/man/man1/
	install -m 644 $(PAGES)/man5/*.5 $(SHARE)/man/man5/
	install -m 644 $(PAGES)/drydock.bash \
	    $(SHARE)/bash-completion/completions/drydock
	install -m 644 $(PAGES)/_drydock $(ZSH)/_drydock
	install -m 644 $(PAGES)/*.schema.json $(DATA)/schemas/
	cp -R scenarios/*.yaml scenarios/manifests scenarios/stories scenarios/alerts \
	    scenarios/compare \
	    scenarios/README.md $(DATA)/scenarios/
	cp -R traces/data $(DATA)/traces/
	install -m 644 README.md CHANGELOG.md LICENSE $(DOC)/

uninstall: ## remove what install has put there
	rm -f $(DESTDIR)$(PREFIX)/bin/drydock $(SHARE)/man/man1/drydock.1 \
	    $(SHARE)/man/man1/drydock-*.1 $(SHARE)/man/man5/drydock-*.5 \
	    $(SHARE)/bash-completion/completions/drydock \
	    $(ZSH)/_drydock
	rm -rf $(DATA) $(DOC)

package: ## the Debian package of what is committed, and lintian
	@sh tests/packages.sh build debian
	@sh tests/debian.sh

clean: ## remove everything that was built
	rm -rf build

help: ## this text
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1\t\2/p' Makefile | expand -t 22

.PHONY: all demo check run-tests asan golden stories gallery bench lists race \
        fuzz portable tsan valgrind analyze load tidy format format-check \
        upstream record fuzz-upstream \
        torture mutants failures pages package install uninstall clean help
.SECONDARY:
