# The virtual machine: what it has, and how to start it.  A snapshot can only
# be resumed by the machine that saved it, so this file is a part of its recipe.
# shellcheck shell=sh

# What the guest mounts on /opt/hikae; always of this size.
# shellcheck disable=SC2034 # run.sh uses it
hikae_image_bytes=128M

# machine_start IMAGES DISK [ARGUMENT...]: in the current folder, with the
# root file system DISK (qcow2); its process id is $machine.  Sockets: shell
# (vm-shell), qmp.  Without KVM wherever it runs: slower, but the same.  It ends
# with the script that started it.
machine_start() {
	images=$1
	machine_disk=$2
	shift 2
	rm -f shell qmp
	setpriv --pdeathsig KILL \
		qemu-system-x86_64 -name hikae -machine pc -cpu qemu64 -smp 2 -m 768 \
		-accel tcg,thread=multi,tb-size=192 \
		-nodefaults -no-user-config -display none -no-reboot \
		-kernel "$images/vmlinuz" -initrd "$images/initrd" -append \
		'console=ttyS0 root=/dev/vda rw panic=-1 quiet net.ifnames=0' \
		-drive "if=virtio,format=qcow2,cache=unsafe,file=$machine_disk,$(
			)backing.file.filename=$images/root.img" \
		-drive "file=$images/hikae.img,if=virtio,format=raw,readonly=on" \
		-device qemu-xhci,id=usb,p2=8,p3=8 \
		-serial file:console \
		-chardev socket,id=shell,path=shell,server=on,wait=off \
		-serial chardev:shell \
		-qmp unix:qmp,server=on,wait=off \
		"$@" >qemu.log 2>&1 </dev/null &
	# shellcheck disable=SC2034 # the caller's
	machine=$!
}
