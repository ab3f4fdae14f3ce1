# SPDX-License-Identifier: GPL-2.0-or-later
# Lunar on this host, from source. The VM and the tests need none of it: ./try, ./check.
#   make             the module for the running kernel (another: KERNEL=release), and targetcli
#   make install     as root: module, modprobe.d alias, targetcli, systemd unit; loads and starts nothing
#   make uninstall   as root: takes these files away again
# DESTDIR is put in front of every path that is installed; PREFIX is where targetcli goes.
KERNEL ?= $(shell uname -r)
KDIR ?= /lib/modules/$(KERNEL)/build
PREFIX ?= /usr/local
# Compiled in a copy, so that the sources stay clean.
copy := $(CURDIR)/build/host-$(KERNEL)
kbuild = $(MAKE) -C $(KDIR) M=$(copy)

all: module targetcli

module:
	@test -e $(KDIR)/Makefile || { echo "no headers of kernel $(KERNEL) in $(KDIR): install linux-headers-$(KERNEL)" >&2; exit 1; }
	mkdir -p $(copy)
	cp -Rpu Kbuild kmod $(copy)
	$(kbuild) modules

targetcli:
	cmake -S . -B build/host -DCMAKE_BUILD_TYPE=RelWithDebInfo -DCMAKE_INSTALL_PREFIX=$(PREFIX)
	cmake --build build/host --target targetcli

install: install-module install-targetcli

install-module:
	$(kbuild) INSTALL_MOD_PATH=$(DESTDIR) INSTALL_MOD_DIR=updates/lunar INSTALL_MOD_STRIP=1 modules_install
	$(if $(DESTDIR),,depmod $(KERNEL))
	install -D -m 644 packaging/lunar.conf $(DESTDIR)/etc/modprobe.d/lunar.conf

install-targetcli:
	DESTDIR=$(DESTDIR) cmake --install build/host --strip

uninstall:
	rm -rf $(DESTDIR)/lib/modules/$(KERNEL)/updates/lunar
	$(if $(DESTDIR),,depmod $(KERNEL))
	rm -f $(DESTDIR)/etc/modprobe.d/lunar.conf
	rm -f $(DESTDIR)$(PREFIX)/bin/targetcli $(DESTDIR)$(PREFIX)/lib/systemd/system/lunar-target.service

.PHONY: all module targetcli install install-module install-targetcli uninstall
