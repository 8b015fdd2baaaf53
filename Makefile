# drydock: type `make help`.
CONFIG   ?= release
PREFIX   ?= /usr/local
B        := build/$(CONFIG)
VERSION  := 0.1.0

CC       ?= cc
PKGS     := gsl jansson libfyaml zlib
CFLAGS   ?= -O2 -g
WARN     := -Wall -Wextra -Wpedantic -Wshadow -Wstrict-prototypes \
            -Wmissing-prototypes -Wvla -Wconversion -Wno-sign-conversion
SAN_asan := -fsanitize=address,undefined -fno-sanitize-recover=all
PKG_CFLAGS := $(shell pkg-config --cflags $(PKGS) 2>/dev/null)
PKG_LIBS   := $(shell pkg-config --libs $(PKGS) 2>/dev/null) -lcsv
# No contraction: the same history at every optimisation level.
ALL_CFLAGS = -std=gnu11 $(CFLAGS) $(WARN) -ffp-contract=off -pthread -I. \
             -DDRYDOCK_VERSION='"$(VERSION)"' $(PKG_CFLAGS)

SRC      := $(sort $(wildcard sim/*/*.c models/*.c traces/*.c scenarios/*.c \
                   plots/*.c))
LIB_SRC  := $(filter-out sim/app/main.c,$(SRC))
LIB_OBJ  := $(LIB_SRC:%.c=$(B)/%.o)
TEST_SRC := $(sort $(wildcard tests/test_*.c))
TESTS    := $(TEST_SRC:tests/%.c=$(B)/tests/%)
LIB      := $(B)/libdrydock.a

all: $(B)/drydock ## build the program

$(B)/%.o: %.c Makefile
	@mkdir -p $(@D)
	$(CC) $(ALL_CFLAGS) $(SAN_$(CONFIG)) $(CPPFLAGS) -MMD -MP -c $< -o $@
-include $(LIB_OBJ:.o=.d) $(TESTS:=.d) $(B)/sim/app/main.d

$(LIB): $(LIB_OBJ)
	@rm -f $@
	$(AR) rcs $@ $^

$(B)/drydock: $(B)/sim/app/main.o $(LIB)
	$(CC) $(ALL_CFLAGS) $(SAN_$(CONFIG)) $^ $(LDFLAGS) $(PKG_LIBS) -lm -o $@

$(B)/tests/%: $(B)/tests/%.o $(LIB)
	$(CC) $(ALL_CFLAGS) $(SAN_$(CONFIG)) $^ $(LDFLAGS) -lcmocka $(PKG_LIBS) \
	    -lm -o $@

.PHONY: all
.SECONDARY:
