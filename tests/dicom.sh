# Images of dcmtk, for scenarios, after tests/lib.sh.
#
# shellcheck shell=sh

need dump2dcm

# image_text: of an image of two by two points, as dump2dcm reads it.
image_text() {
	cat <<-'END'
		(0008,0016) UI =SecondaryCaptureImageStorage
		(0008,0018) UI [1.2.392.1]
		(0008,0060) CS [OT]
		(0028,0002) US 1
		(0028,0004) CS [MONOCHROME2]
		(0028,0010) US 2
		(0028,0011) US 2
		(0028,0100) US 8
		(0028,0101) US 8
		(0028,0102) US 7
		(0028,0103) US 0
		(7fe0,0010) OB 01\02\03\04
	END
}
