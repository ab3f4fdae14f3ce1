# SPDX-License-Identifier: GPL-2.0-or-later
# Lunar on this host, from source. The VM and the tests need none of it: ./try, ./check.
#   make             the module for the running kernel (another: KERNEL=release), and targetcli
#   make install     as root: module, modprobe.d alias, targetcli, systemd unit; loads and starts nothing
#   make uninstall   as root: takes these files away again, the modules of all kernels
# DESTDIR is put in front of every path that is installed; PREFIX is where targetcli goes.
KERNEL ?= $(shell uname -r)
KDIR ?= /lib/modules/$(KERNEL)/build
PREFIX ?= /usr/local
# Compiled in a copy, so that the sources stay clean.
copy := $(CURDIR)/build/host-$(KERNEL)
kbuild = $(MAKE) -C $(KDIR) M=$(copy)
# All CPUs, unless make itself was told how many.
jobs = $(if $(filter -j% --jobserver%,$(MAKEFLAGS)),,-j$(shell nproc))

# Without the kernel's key there is nothing to sign with, and no use in saying so.
unsigned = $(if $(wildcard $(KDIR)/certs/signing_key.pem),,CONFIG_MODULE_SIG_ALL=)

all: module targetcli

# need FILE,WHAT: says what to do when a file is missing.
need = @test -e $(1) || { echo "make: $(2)" >&2; exit 1; }
need_headers = $(call need,$(KDIR)/Makefile,no headers of kernel $(KERNEL) in $(KDIR): install linux-headers-$(KERNEL))

module:
	$(need_headers)
	mkdir -p $(copy)
	cp -Rpu Kbuild kmod $(copy)
	$(kbuild) $(jobs) modules

targetcli:
	cmake -S . -B build/host -DCMAKE_BUILD_TYPE=RelWithDebInfo -DCMAKE_INSTALL_PREFIX=$(PREFIX)
	cmake --build build/host --target targetcli $(or $(filter -j%,$(MAKEFLAGS)),$(jobs))

install: install-module install-targetcli

install-module:
	$(need_headers)
	$(call need,$(copy)/kmod/lunar.ko,no module for kernel $(KERNEL) has been built: make KERNEL=$(KERNEL) module)
	$(kbuild) INSTALL_MOD_PATH=$(DESTDIR) INSTALL_MOD_DIR=updates/lunar INSTALL_MOD_STRIP=1 $(unsigned) modules_install
	$(if $(DESTDIR),,depmod $(KERNEL))
	install -D -m 644 packaging/lunar.conf $(DESTDIR)/etc/modprobe.d/lunar.conf

install-targetcli:
	$(call need,build/host/targetcli/targetcli,targetcli has not been built: make targetcli)
	DESTDIR=$(DESTDIR) cmake --install build/host --strip

# The modules of every kernel: what lunar.conf leads to must not stay behind it, nor go before it.
uninstall:
	for dir in $(DESTDIR)/lib/modules/*/updates/lunar; do \
	  [ -d "$$dir" ] || continue; \
	  rm -rf "$$dir"; \
	  release=$${dir%/updates/lunar}; \
	  $(if $(DESTDIR),,depmod "$${release##*/}";) \
	done
	rm -f $(DESTDIR)/etc/modprobe.d/lunar.conf
	rm -f $(DESTDIR)$(PREFIX)/bin/targetcli $(DESTDIR)$(PREFIX)/lib/systemd/system/lunar-target.service

.PHONY: all module targetcli install install-module install-targetcli uninstall
