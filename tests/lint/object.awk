# Rules about compiled objects, from `objdump -t`.
# Output, separated by tabs: FILE LINE RULE WORD MESSAGE.
#
# export  foo.c exports foo_* only (foo_part.c too, when there is a foo.h)
# global  nothing that can change outlives a call

BEGIN { OFS = "\t" }

# A list of the tree's files comes first, on standard input.
FILENAME == "-" {
	files[$1] = 1
	next
}

/file format/ {
	file = $1
	sub(/:$/, "", file)
	sub(/^.*\/obj\//, "", file)
	sub(/\.o$/, ".c", file)
	next
}

# True when a name may be exported by the file.
function is_own(name,    stem, base, first)
{
	if (file ~ /\/main\.c$/)
		return name == "main"
	stem = file
	sub(/\.c$/, "", stem)
	first = 1
	for (;;) {
		base = stem
		sub(/.*\//, "", base)
		if ((first || (stem ".h") in files) &&
		    (name == base || index(name, base "_") == 1))
			return 1
		first = 0
		if (!sub(/_[^_\/]*$/, "", stem))
			return 0
	}
}

# VALUE FLAGS SECTION<tab>SIZE NAME, where the seven flags begin in column 18.
/^[0-9a-f]+ [ lgu!]/ {
	flags = substr($0, 18, 7)
	split(substr($0, 26), part, /[ \t]+/)
	section = part[1]
	name = $NF
	if (section == "*UND*" || flags ~ /[df]/)
		next
	if (flags ~ /^[gu]/ && !is_own(name))
		print file, 1, "export", name, name " does not bear its module's name"
	sub(/\.[0-9]+$/, "", name)
	if (section == "*COM*" || (section ~ /^\.(data|bss|tdata|tbss)/ &&
	    section !~ /^\.data\.rel\.ro/) && flags ~ /O/)
		print file, 1, "global", name, name " is a global that can change"
}
