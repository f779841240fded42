# Virtual machines of tests/vm/: Debian 12 under QEMU, without KVM.

VM := build/vm

$(BUILD)/vm/vmctl: $(BUILD)/obj/tests/vm/vmctl.o $(BUILD)/libhikae.a
	$(call say,LINK,$@)
	@mkdir -p $(@D)
	$(Q)$(LINK) -o $@ $^ $(LDLIBS)

#: check-vm    the package in a real Debian 12, as root (T=02; 20 minutes)
check-vm:
	$(Q)tests/vm/able.sh
	$(Q)mk/deps.sh build deb vm
	$(Q)$(MAKE) --no-print-directory $(parallel) all $(BUILD)/vm/vmctl
	$(Q)mk/deb.sh
	$(Q)tests/vm/build.sh $(VM)
	$(Q)tests/vm/run.sh $(BUILD) $(VM) $(T)

-include $(BUILD)/obj/tests/vm/vmctl.d

.PHONY: check-vm

#: check-systemd   the Debian package under a real systemd, as root (T=upgrade)
check-systemd:
	$(Q)mk/deps.sh build deb vm
	$(Q)mk/deb.sh
	$(Q)tests/systemd/run.sh $(BUILD) $(T)

.PHONY: check-systemd
